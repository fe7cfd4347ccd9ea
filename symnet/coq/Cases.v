(* Cases.v: all solutions of a question, by evaluation: the rule cases. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Reflect Signs Programs Progressions.
Import ListNotations.
Open Scope Z_scope.

(* ------------------------------------------------------------------ *)
(** * Propositions on a progression *)

Section propositions.
Variables (low : Z) (high : option Z).

Definition multiple_of (d a : floored) : answer :=
  match constant d, a with
  | Some k, Known p m =>
      if flat p then if divides k (hd 0 p / m) then Yes else No
      else if m =? 1 then
        if k =? 0 then Maybe Points
        else if multiples k p then if hd 0 p mod k =? 0 then Yes else No
        else let g := fold_right Z.gcd k (tl p) in
             if multiples g p && negb (g =? 0) && negb (hd 0 p mod g =? 0) && (k mod g =? 0) then No
             else Maybe (Classes (Z.abs k / g))
      else Maybe (refining p m)
  | _, Stuck x => Maybe x
  | None, _ => Maybe Points
  end.
Definition in_ends (a : floored) (p : part) : answer :=
  together (multiple_of (exactly (modulus p)) (floored_minus a (exactly (residue p))))
    (together (match minimum p with Some l => at_most low high (exactly l) a | None => Yes end)
              (match maximum p with Some h => at_most low high a (exactly h) | None => Yes end)).

Fixpoint truth (env : list floored) (p : prop) : answer :=
  let term := abstract (progression low high) env in
  match p with
  | PEq a b => let x := term a in let y := term b in together (at_most low high x y) (at_most low high y x)
  | PLe a b => at_most low high (term a) (term b)
  | PLt a b => at_most low high (floored_plus (term a) (exactly 1)) (term b)
  | PDivides d a => multiple_of (term d) (term a)
  | PCongruent a r m => multiple_of (term m) (floored_minus (term a) (term r))
  | PIn a parts => let x := term a in fold_right (fun part rest => either (in_ends x part) rest) No parts
  | PIff p q => alike (truth env p) (truth env q)
  | PAnd p q => match truth env p with No => No | x => together x (truth env q) end
  | POr p q => match truth env p with Yes => Yes | x => either x (truth env q) end
  | PTrue => Yes
  | PFalse => No
  end.

Variable t : Z.
Hypothesis here : inside low high t.

Lemma horner_divided : forall k p, k <> 0 -> multiples k p = true -> (k | horner p t + -1 * hd 0 p).
Proof.
  intros k [|c r] Hk H; [exists 0; reflexivity|]. unfold multiples in H. cbn [horner hd tl] in *.
  assert (G : (k | horner r t)); [|destruct G as [z G]; exists (t * z); rewrite G; ring].
  induction r; [exists 0; reflexivity|]. cbn in H. apply andb_true_iff in H as [H1 H2]. apply Z.eqb_eq, Z.mod_divide in H1; auto.
  cbn [horner]. apply Z.divide_add_r; auto using Z.divide_mul_r.
Qed.
Lemma multiple_of_ok : forall d a x y, is_floored t d x -> is_floored t a y -> said (multiple_of d a) (x | y).
Proof.
  intros d a x y D A. unfold multiple_of. destruct (constant d) as [k|] eqn:E; [|destruct a; exact I].
  destruct a as [p m|]; [|exact I]. pose proof (constant_ok t _ _ _ D E); subst x. destruct A as [Hm ->].
  destruct (flat p) eqn:F.
  { rewrite (horner_flat _ _ F). destruct (divides k (hd 0 p / m)) eqn:V; cbn; [now apply divides_ok|].
    rewrite <- divides_ok. congruence. }
  destruct (Z.eqb_spec m 1) as [->|]; [|exact I]. rewrite Z.div_1_r. destruct (Z.eqb_spec k 0); [exact I|].
  assert (T : forall g, g <> 0 -> multiples g p = true -> ((g | horner p t) <-> hd 0 p mod g = 0)).
  { intros g Hg M. apply horner_divided in M; auto. rewrite Z.mod_divide by auto.
    replace (horner p t) with (horner p t + -1 * hd 0 p + hd 0 p) by ring.
    split; intro B; [|now apply Z.divide_add_r].
    replace (hd 0 p) with (horner p t + -1 * hd 0 p + hd 0 p + -1 * (horner p t + -1 * hd 0 p)) by ring.
    apply Z.divide_add_r; auto. now apply Z.divide_mul_r. }
  destruct (multiples k p) eqn:M.
  { specialize (T k n M). destruct (Z.eqb_spec (hd 0 p mod k) 0); cbn; tauto. }
  set (g := fold_right Z.gcd k (tl p)). destruct (_ && _ && _ && _) eqn:G; [|exact I].
  rewrite !andb_true_iff, !negb_true_iff, !Z.eqb_neq, Z.eqb_eq in G. destruct G as [[[G1 G2] G3] G4]. cbn. intro B.
  apply G3, (T g G2 G1). apply Z.mod_divide in G4; auto. exact (Z.divide_trans _ _ _ G4 B).
Qed.
Lemma in_ends_ok : forall a p x, is_floored t a x -> said (in_ends a p) (member_part x p).
Proof.
  intros a p x A. unfold in_ends, member_part, Congruent. apply together_ok.
  - apply multiple_of_ok; [apply exactly_ok | apply floored_minus_ok; auto using exactly_ok].
  - apply together_ok; [destruct (minimum p) | destruct (maximum p)]; try exact I;
    apply (at_most_ok low high t here); auto using exactly_ok.
Qed.
Lemma truth_ok : forall env values, follows_in (progression low high) (is_floored t) env values ->
  forall p, said (truth env p) (meaning values p).
Proof.
  intros env values E.
  assert (G : forall e, is_floored t (abstract (progression low high) env e) (eval values e)).
  { intro e. apply abstract_ok; auto. now apply progression_right. }
  induction p; cbn [truth meaning].
  - apply (said_iff _ (eval values a <= eval values b /\ eval values b <= eval values a)); [lia|].
    apply together_ok; now apply (at_most_ok low high t here).
  - now apply (at_most_ok low high t here).
  - apply (said_iff _ (eval values a + 1 <= eval values b)); [lia|].
    apply (at_most_ok low high t here); auto using floored_plus_ok, exactly_ok.
  - now apply multiple_of_ok.
  - unfold Congruent. apply multiple_of_ok; auto using floored_minus_ok.
  - unfold Member. induction parts as [|q r IH]; cbn [fold_right].
    + cbn. intros [? [[] _]].
    + apply (said_iff _ (member_part (eval values a) q \/ exists p, In p r /\ member_part (eval values a) p)).
      * cbn [In]. split; [intros [?|[? []]]; eauto | intros [? [[<-|] ?]]; eauto].
      * apply either_ok; [now apply in_ends_ok | exact IH].
  - now apply alike_ok.
  - pose proof (together_ok _ _ _ _ IHp1 IHp2) as H. destruct (truth env p1); auto.
  - pose proof (either_ok _ _ _ _ IHp1 IHp2) as H. destruct (truth env p1); auto.
  - exact I.
  - cbn. tauto.
Qed.
End propositions.

(* ------------------------------------------------------------------ *)
(** * Splitting until everything is decided *)

Fixpoint every (p : Z -> bool) (low : Z) (n : nat) : bool :=
  match n with O => true | S k => if p low then every p (low + 1) k else false end.
Theorem every_ok : forall (p : Z -> bool) low high, every p low (Z.to_nat (high + -1 * low + 1)) = true ->
  forall x, low <= x <= high -> p x = true.
Proof.
  intros p low high H x Hx.
  assert (G : forall n l, every p l n = true -> l <= x < l + Z.of_nat n -> p x = true).
  { induction n; intros l K B; cbn [every] in K; [lia|]. destruct (p l) eqn:E; [|discriminate].
    destruct (Z.eq_dec x l); [congruence|]. apply (IHn (l + 1)); auto. lia. }
  apply (G _ _ H). lia.
Qed.

Definition is_yes (a : answer) : bool := match a with Yes => true | _ => false end.
Definition until (high : option Z) (n : Z) : option Z := match high with Some h => Some (Z.min h n) | None => Some n end.

(** [test M r low high]: what is known of M * t + r for low <= t <= high. *)
Fixpoint solve (fuel : nat) (test : Z -> Z -> Z -> option Z -> answer) (M r low : Z) (high : option Z) : bool :=
  match fuel with
  | O => false
  | S f =>
    if match high with Some h => h <? low | None => false end then true
    else match test M r low high with
    | Yes => true
    | No => false
    | Maybe (Cut place) =>
        if (low <=? place) && (match high with Some h => place <? h | None => true end)
        then if solve f test M r low (Some place) then solve f test M r (place + 1) high else false
        else false
    | Maybe a =>
        let points := match high with Some h => Some (h + -1 * low + 1) | None => None end in
        let k := match a with Classes k => Some k | _ => None end in
        match points, k with
        | Some n, Some k => if (n <=? k) || (k <=? 1) then every (fun t => is_yes (test M r t (Some t))) low (Z.to_nat n)
                            else every (fun j => solve f test (M * k) (r + M * j) (cdiv (low + -1 * j) k)
                                                   (option_map (fun h => (h + -1 * j) / k) high)) 0 (Z.to_nat k)
        | Some n, None => every (fun t => is_yes (test M r t (Some t))) low (Z.to_nat n)
        | None, Some k => if k <=? 1 then false
                          else every (fun j => solve f test (M * k) (r + M * j) (cdiv (low + -1 * j) k) None) 0 (Z.to_nat k)
        | None, None => false
        end
    end
  end.

Section solving.
Variables (test : Z -> Z -> Z -> option Z -> answer) (Q : Z -> Prop).
Hypothesis right_test : forall M r low high t, inside low high t -> test M r low high = Yes -> Q (M * t + r).

Lemma points_ok : forall M r low h, every (fun t => is_yes (test M r t (Some t))) low (Z.to_nat (h + -1 * low + 1)) = true ->
  forall t, low <= t <= h -> Q (M * t + r).
Proof.
  intros M r low h H t Ht. pose proof (every_ok _ low h H t Ht) as Y. cbn in Y.
  pose proof (right_test M r t (Some t) t (conj (Z.le_refl t) (Z.le_refl t))) as S. destruct (test M r t (Some t)); try discriminate. now apply S.
Qed.
Lemma classes_ok : forall k (g : Z -> bool) M r t, 2 <= k -> every g 0 (Z.to_nat k) = true ->
  (g (t mod k) = true -> Q (M * k * (t / k) + (r + M * (t mod k)))) -> Q (M * t + r).
Proof.
  intros k g M r t Hk H G. pose proof (Z.mod_pos_bound t k ltac:(lia)).
  replace k with (k + -1 + -1 * 0 + 1) in H by ring.
  specialize (G (every_ok g 0 (k + -1) H (t mod k) ltac:(lia))).
  replace (M * t + r) with (M * k * (t / k) + (r + M * (t mod k))); auto. rewrite (Z.div_mod t k) at 3 by lia. ring.
Qed.
Lemma class_place : forall k t low, 2 <= k -> low <= t -> cdiv (low + -1 * (t mod k)) k <= t / k.
Proof.
  intros k t low Hk Hl. pose proof (proj1 (cdiv_char (low + -1 * (t mod k)) k _ ltac:(lia)) eq_refl).
  pose proof (Z.div_mod t k ltac:(lia)). nia.
Qed.
Lemma class_last : forall k t h, 2 <= k -> t <= h -> t / k <= (h + -1 * (t mod k)) / k.
Proof. intros k t h Hk Hl. apply div_le_iff; [lia|]. pose proof (Z.div_mod t k ltac:(lia)). lia. Qed.

Theorem solve_ok : forall fuel M r low high, solve fuel test M r low high = true ->
  forall t, inside low high t -> Q (M * t + r).
Proof.
  induction fuel as [|f IH]; intros M r low high H t [L U]; [discriminate|]. cbn [solve] in H.
  destruct (match high with Some h => h <? low | None => false end) eqn:E.
  { destruct high as [h|]; [|discriminate]. apply Z.ltb_lt in E. lia. }
  pose proof (right_test M r low high t (conj L U)) as T. destruct (test M r low high) as [| |[place|k|]]; auto; try discriminate.
  - destruct (_ && _); [|discriminate]. destruct (solve f test M r low (Some place)) eqn:A; [|discriminate].
    destruct (Z_le_gt_dec t place); [apply (IH _ _ _ _ A) | apply (IH _ _ _ _ H)]; split; auto; lia.
  - destruct high as [h|].
    + destruct ((h + -1 * low + 1 <=? k) || (k <=? 1)) eqn:B; [now apply (points_ok _ _ _ _ H)|].
      apply orb_false_iff in B as [_ B]. apply Z.leb_gt in B. apply (classes_ok k _ M r t ltac:(lia) H). intro G.
      apply (IH _ _ _ _ G). split; [apply class_place; lia | apply class_last; lia].
    + destruct (Z.leb_spec k 1); [discriminate|]. apply (classes_ok k _ M r t ltac:(lia) H). intro G.
      apply (IH _ _ _ _ G). split; [apply class_place; lia | exact I].
  - destruct high as [h|]; [|discriminate]. now apply (points_ok _ _ _ _ H).
Qed.
End solving.

(* ------------------------------------------------------------------ *)
(** * The rule *)

(** A bound of a letter that a list of solutions shows. *)
Fixpoint implied (q g : prop) : bool :=
  match q with
  | PAnd a b => implied a g || implied b g
  | POr a b => implied a g && implied b g
  | PFalse => true
  | PEq (Var j) (Num v) => match g with
      | PLe (Num n) (Var i) => Nat.eqb i j && (n <=? v) | PLe (Var i) (Num n) => Nat.eqb i j && (v <=? n) | _ => false end
  | PIn (Var j) parts => match g with
      | PLe (Num n) (Var i) => Nat.eqb i j && forallb (fun p => at_least (minimum p) n) parts
      | PLe (Var i) (Num n) => Nat.eqb i j && forallb (fun p => match maximum p with Some h => h <=? n | None => false end) parts
      | _ => false end
  | _ => false
  end.
Lemma implied_ok : forall values q g, implied q g = true -> meaning values q -> meaning values g.
Proof.
  intros values. induction q; intros g H M; try discriminate; cbn [implied meaning] in *.
  - destruct a; try discriminate. destruct b; try discriminate. destruct g; try discriminate.
    destruct a; try discriminate; destruct b; try discriminate; apply andb_true_iff in H as [H1 H2];
    apply Nat.eqb_eq in H1; apply Z.leb_le in H2; subst; cbn [meaning eval] in *; lia.
  - destruct a; try discriminate. destruct g; try discriminate. destruct M as [p [I [_ [A B]]]].
    destruct a; try discriminate; destruct b; try discriminate; apply andb_true_iff in H as [H1 H2];
    apply Nat.eqb_eq in H1; subst; rewrite forallb_forall in H2; specialize (H2 p I); cbn [meaning eval] in *.
    + destruct (minimum p); [|discriminate]. cbn in H2. apply Z.leb_le in H2. lia.
    + destruct (maximum p); [|discriminate]. apply Z.leb_le in H2. lia.
  - apply orb_true_iff in H. destruct M, H; auto.
  - apply andb_true_iff in H. destruct M; apply H || idtac; destruct H; auto.
  - destruct M.
Qed.

(** Far more splits than any question within reach needs. *)
Definition fuel : nat := 400.

#[local] Opaque fuel.

Definition test_line (ds : list definition) (goal : prop) (done : list Z) (M r low : Z) (high : option Z) : answer :=
  let piece := match high with
               | Some h => if h =? low then exactly (M * low + r) else Known [r; M] 1
               | None => Known [r; M] 1 end in
  truth low high (run (progression low high) (map exactly done ++ [piece]) ds) goal.
Definition line (ds : list definition) (goal : prop) (box : nat -> range) (done : list Z) : bool :=
  let test := test_line ds goal done in
  match box (length done) with
  | (Some low, high) => solve fuel test 1 0 low high
  | (None, Some high) => solve fuel test (-1) high 0 None
  | (None, None) => if solve fuel test 1 0 0 None then solve fuel test (-1) (-1) 0 None else false
  end.
Fixpoint grid (left : nat) (ds : list definition) (goal : prop) (box : nat -> range) (done : list Z) : bool :=
  match left with
  | O => line ds goal box done
  | S k => match box (length done) with
           | (Some low, Some high) => every (fun v => grid k ds goal box (done ++ [v])) low (Z.to_nat (high + -1 * low + 1))
           | _ => false end
  end.
(** [outer] letters are tried at each value, the next one is solved; then come the definitions. *)
Definition solutions (outer : nat) (promises given : list prop) (ds : list definition) (p q : prop) : bool :=
  forallb (implied q) given && grid outer ds (PIff p q) (ends (promises ++ given)) [].

Definition starts (done values : list Z) : Prop := forall i, (i < length done)%nat -> nth i values 0 = nth i done 0.

Lemma test_line_ok : forall ds goal values done x, starts done values -> nth (length done) values 0 = x ->
  defined values (S (length done)) ds -> forall M r low high t, inside low high t -> x = M * t + r ->
  said (test_line ds goal done M r low high) (meaning values goal).
Proof.
  intros ds goal values done x St E D M r low high t [L U] X. unfold test_line. set (piece := match high with Some _ => _ | None => _ end).
  assert (P : is_floored t piece x).
  { assert (K : is_floored t (Known [r; M] 1) x) by (split; [lia|]; cbn [horner]; rewrite Z.div_1_r, X; ring).
    unfold piece. destruct high as [h|]; auto. destruct (Z.eqb_spec h low); auto.
    rewrite X. replace t with low by lia. apply exactly_ok. }
  clearbody piece. apply (truth_ok low high t (conj L U)).
  assert (Len : length (map exactly done ++ [piece]) = S (length done)) by (rewrite app_length, map_length; cbn; lia).
  apply run_ok; [now apply progression_right| |now rewrite Len].
  intros i B. rewrite Len in B. destruct (Nat.lt_ge_cases i (length done)) as [C|C].
  - rewrite app_nth1 by now rewrite map_length. rewrite St by auto.
    rewrite (nth_indep _ _ (exactly 0)) by now rewrite map_length. rewrite map_nth. apply exactly_ok.
  - replace i with (length done) by lia. rewrite E.
    replace (length done) with (length (map exactly done)) by apply map_length. now rewrite nth_middle.
Qed.
Lemma line_ok : forall ds goal box values done, (forall i, within (box i) (nth i values 0)) -> starts done values ->
  defined values (S (length done)) ds -> line ds goal box done = true -> meaning values goal.
Proof.
  intros ds goal box values done W St D H. unfold line in H. specialize (W (length done)).
  set (x := nth (length done) values 0) in *.
  assert (R : forall M r low high t, inside low high t -> test_line ds goal done M r low high = Yes ->
    (fun z => x = z -> meaning values goal) (M * t + r)).
  { intros M r low high t I Y X. pose proof (test_line_ok ds goal values done x St eq_refl D M r low high t I X) as T. now rewrite Y in T. }
  destruct (box (length done)) as [[low|] high]; cbn [within fst snd] in W.
  - refine (solve_ok _ _ R _ _ _ _ _ H x _ _); [exact W | ring].
  - destruct high as [high|].
    + refine (solve_ok _ _ R _ _ _ _ _ H (high + -1 * x) _ _); [split; [destruct W; cbn [fst snd] in *; lia | exact I] | ring].
    + destruct (solve fuel _ 1 0 0 None) eqn:A; [|discriminate]. destruct (Z_le_gt_dec 0 x).
      * refine (solve_ok _ _ R _ _ _ _ _ A x _ _); [split; [auto | exact I] | ring].
      * refine (solve_ok _ _ R _ _ _ _ _ H (-1 + -1 * x) _ _); [split; [lia | exact I] | ring].
Qed.
Lemma grid_ok : forall left ds goal box values, (forall i, within (box i) (nth i values 0)) -> forall done, starts done values ->
  defined values (S (length done + left)) ds -> grid left ds goal box done = true -> meaning values goal.
Proof.
  induction left as [|k IH]; intros ds goal box values W done St D H; cbn [grid] in H.
  - rewrite Nat.add_0_r in D. now apply (line_ok ds goal box values done).
  - pose proof (W (length done)) as B. destruct (box (length done)) as [[low|] [high|]]; try discriminate.
    pose proof (every_ok _ low high H (nth (length done) values 0) B) as G. cbn in G.
    refine (IH ds goal box values W (done ++ [nth (length done) values 0]) _ _ G).
    + intros i L. rewrite app_length in L; cbn in L. destruct (Nat.lt_ge_cases i (length done)).
      * rewrite app_nth1 by auto. auto.
      * replace i with (length done) by lia. now rewrite nth_middle.
    + rewrite app_length. cbn. replace (length done + 1 + k)%nat with (length done + S k)%nat by lia. exact D.
Qed.
Lemma rule_cases : forall values outer promises given ds p q, solutions outer promises given ds p q = true ->
  every_one values promises -> (meaning values p -> every_one values given) -> defined values (S outer) ds ->
  (meaning values p <-> meaning values q).
Proof.
  intros values outer promises given ds p q H Pr Gv D. unfold solutions in H. apply andb_true_iff in H as [Im Gr].
  assert (Iq : meaning values q -> every_one values given).
  { intro M. rewrite forallb_forall in Im. clear Gv Gr. induction given as [|g r IH]; [exact I|].
    split; [apply (implied_ok values q g); auto; apply Im; now left | apply IH; intros; apply Im; now right]. }
  assert (Go : every_one values given -> (meaning values p <-> meaning values q)).
  { intro A. change (meaning values (PIff p q)). apply (grid_ok outer ds _ (ends (promises ++ given)) values) with (done := []); auto.
    - intro i. apply ends_ok. now apply every_one_app.
    - intros i L. cbn in L. lia. }
  tauto.
Qed.
