(* Cases.v: all solutions of a question, by a certificate that says how to split: the rule tree. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Reflect Signs Programs Intervals Progressions.
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
(** No number M * t + r lies between the ends of the part: the first one from its lower end on is past its upper end. *)
Definition passes_by (a : floored) (p : part) : bool :=
  match a, minimum p, maximum p with
  | Known [r; M] m, Some l, Some h => (m =? 1) && negb (M =? 0) && (h <? l + (r + -1 * l) mod Z.abs M)
  | _, _, _ => false
  end.
Definition in_ends (a : floored) (p : part) : answer :=
  if passes_by a p then No else
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
Lemma passes_by_ok : forall a p x, is_floored t a x -> passes_by a p = true -> ~ member_part x p.
Proof.
  intros a p x A P [_ [L H]]. destruct a as [q m|]; [|discriminate]. cbn [passes_by] in P.
  destruct q as [|r [|M [|? ?]]]; try discriminate. destruct (minimum p) as [l|]; [|discriminate]. destruct (maximum p) as [h|]; [|discriminate].
  rewrite !andb_true_iff, negb_true_iff, Z.eqb_eq, Z.eqb_neq, Z.ltb_lt in P. destruct P as [[-> N] P].
  destruct A as [_ ->]. rewrite Z.div_1_r in *. cbn [horner] in L, H. set (n := Z.abs M) in *. assert (0 < n) by lia.
  assert (E : (r + -1 * l) mod n = (r + t * (M + t * 0) + -1 * l) mod n).
  { assert (S : Z.sgn M * n = M) by (unfold n; rewrite Z.mul_comm; apply Z.abs_sgn).
    replace (r + t * (M + t * 0) + -1 * l) with (r + -1 * l + t * M) by ring. rewrite <- S.
    replace (t * (Z.sgn M * n)) with ((t * Z.sgn M) * n) by ring.
    now rewrite Z_mod_plus_full. }
  rewrite E in P. pose proof (Z.mod_le (r + t * (M + t * 0) + -1 * l) n ltac:(lia) ltac:(lia)). lia.
Qed.
Lemma in_ends_ok : forall a p x, is_floored t a x -> said (in_ends a p) (member_part x p).
Proof.
  intros a p x A. unfold in_ends. destruct (passes_by a p) eqn:P; [exact (passes_by_ok a p x A P)|].
  unfold member_part, Congruent. apply together_ok.
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

(** A verdict on a piece: by arithmetic there, or else by the ends between which the letters lie. *)
Definition affirmed (env : list range) (p : prop) : bool :=
  let upto := fun (a b : option Z) => match a, b with Some x, Some y => x <=? y | _, _ => false end in
  match p with
  | PLe a b => upto (snd (abstract ranges env a)) (fst (abstract ranges env b))
  | PLt a b => upto (option_map (Z.add 1) (snd (abstract ranges env a))) (fst (abstract ranges env b))
  | _ => false
  end.
Definition otherwise (a : answer) (env : unit -> list range) (p : prop) : answer :=
  match a with
  | Maybe _ => let e := env tt in if refuted e p then No else if affirmed e p then Yes else a
  | _ => a
  end.
Fixpoint verdict (low : Z) (high : option Z) (env : list floored) (box : unit -> list range) (p : prop) : answer :=
  match p with
  | PIff p q => alike (verdict low high env box p) (verdict low high env box q)
  | PAnd p q => match verdict low high env box p with No => No | x => together x (verdict low high env box q) end
  | POr p q => match verdict low high env box p with Yes => Yes | x => either x (verdict low high env box q) end
  | _ => otherwise (truth low high env p) box p
  end.
Lemma affirmed_ok : forall env values, follows_in ranges within env values -> forall p, affirmed env p = true -> meaning values p.
Proof.
  intros env values E p H.
  assert (G : forall e, within (abstract ranges env e) (eval values e)) by (intro; apply abstract_ok; auto using ranges_right).
  destruct p; try discriminate; cbn [affirmed meaning] in *; pose proof (G a) as [_ A]; pose proof (G b) as [B _];
  destruct (snd (abstract ranges env a)), (fst (abstract ranges env b)); cbn [option_map] in H; try discriminate;
  apply Z.leb_le in H; lia.
Qed.
Lemma verdict_ok : forall low high t env box values, inside low high t ->
  follows_in (progression low high) (is_floored t) env values -> follows_in ranges within (box tt) values ->
  forall p, said (verdict low high env box p) (meaning values p).
Proof.
  intros low high t env box values I E B.
  assert (O : forall p, said (otherwise (truth low high env p) box p) (meaning values p)).
  { intro p. pose proof (truth_ok low high t I env values E p) as T. unfold otherwise. destruct (truth low high env p); auto.
    destruct (refuted (box tt) p) eqn:R; [exact (refuted_ok _ _ B p R)|].
    destruct (affirmed (box tt) p) eqn:A; [exact (affirmed_ok _ _ B p A) | exact Logic.I]. }
  induction p; cbn [verdict meaning]; try apply O.
  - now apply alike_ok.
  - pose proof (together_ok _ _ _ _ IHp1 IHp2) as H. destruct (verdict low high env box p1); auto.
  - pose proof (either_ok _ _ _ _ IHp1 IHp2) as H. destruct (verdict low high env box p1); auto.
Qed.

(** A certificate: pieces M * t + r with low <= t <= high are split until each is decided. Leaf: it is decided here. Cut: t <= place,
    and t beyond it. Split: t = k * t' + j, a tree for each j. Kept: the same for one j; the other classes are decided. Sides: a
    letter without ends, up to a place and from there on. Each: values one by one, those of a run alike; within it the tree goes on
    with the next letter, if there is one. *)
Inductive tree :=
  Leaf | Cut_at (place : Z) (below above : tree) | Split (k : Z) (branches : list tree) | Kept (k j : Z) (inner : tree)
| Sides (place : Z) (below above : tree) | Each (runs : list (Z * Z * tree)).

(** Of both sides of a tree that has two. *)
Definition halves (P : tree -> Prop) (w : tree) : Prop := match w with Sides _ a b => P a /\ P b | _ => True end.
Section induction.
Variable P : tree -> Prop.
Hypotheses (leaf : P Leaf) (cut : forall c a b, P a -> P b -> P (Cut_at c a b))
  (classes : forall k l, Forall P l -> P (Split k l)) (kept : forall k j a, P a -> P (Kept k j a))
  (sides : forall c a b, P a -> P b -> P (Sides c a b))
  (each : forall l, Forall (fun r : Z * Z * tree => P (snd r) /\ halves P (snd r)) l -> P (Each l)).
Fixpoint tree_induction (w : tree) : P w :=
  match w with
  | Leaf => leaf
  | Cut_at c a b => cut c a b (tree_induction a) (tree_induction b)
  | Split k l => classes k l ((fix go l := match l return Forall P l with
      [] => Forall_nil _ | a :: r => Forall_cons _ (tree_induction a) (go r) end) l)
  | Kept k j a => kept k j a (tree_induction a)
  | Sides c a b => sides c a b (tree_induction a) (tree_induction b)
  | Each l => each l ((fix go (l : list (Z * Z * tree)) := match l return Forall (fun r => P (snd r) /\ halves P (snd r)) l with
      | [] => Forall_nil _
      | (n, a) :: r => @Forall_cons _ (fun r => P (snd r) /\ halves P (snd r)) (n, a) r
          (@conj (P a) (halves P a) (tree_induction a) match a as a return halves P a with
            | Sides _ c d => conj (tree_induction c) (tree_induction d) | _ => I end) (go r)
      end) l)
  end.
End induction.

Definition class_from (k j low : Z) : Z := cdiv (low + -1 * j) k.
Definition class_to (k j : Z) (high : option Z) : option Z := option_map (fun h => (h + -1 * j) / k) high.

Section following.
Variables (box : nat -> range) (outer : nat) (test : list Z -> Z -> Z -> Z -> option Z -> answer).

(** What the tree shows of the letter after those that are [done]. *)
Fixpoint follow (w : tree) (done : list Z) (M r low : Z) (high : option Z) : bool :=
  if match high with Some h => h <? low | None => false end then true
  else match w with
  | Leaf => is_yes (test done M r low high)
  | Cut_at c a b => if follow a done M r low (until high c) then follow b done M r (Z.max low (c + 1)) high else false
  | Split k branches => (1 <=? k) && (Z.of_nat (length branches) =? k) &&
      (fix go l j := match l with
        | [] => true
        | a :: rest => if follow a done (M * k) (r + M * j) (class_from k j low) (class_to k j high) then go rest (j + 1) else false
        end) branches 0
  | Kept k j a => (1 <=? k) &&
      every (fun i => if i =? j then follow a done (M * k) (r + M * i) (class_from k i low) (class_to k i high)
        else match class_to k i high with Some h => h <? class_from k i low | None => false end
             || is_yes (test done (M * k) (r + M * i) (class_from k i low) (class_to k i high))) 0 (Z.to_nat k)
  | Sides _ _ _ => false
  | Each runs => match high with None => false | Some h =>
      (fix go l from := match l with
        | [] => h <? from
        | (first, last, a) :: rest =>
            (first =? from) &&
            every (fun t => if Nat.eqb (length done) outer then follow a done M r t (Some t)
              else let next := done ++ [M * t + r] in
                match box (length next) with
                | (Some l', h') => follow a next 1 0 l' h'
                | (None, Some h') => follow a next (-1) h' 0 None
                | (None, None) => match a with
                    | Sides c below above => follow above next 1 0 (c + 1) None && follow below next (-1) c 0 None
                    | _ => false end
                end) first (Z.to_nat (last + -1 * first + 1)) && go rest (last + 1)
        end) runs low end
  end.
Definition begun (w : tree) : bool :=
  if existsb (fun i => above (fst (box i)) (snd (box i))) (seq 0 (S outer)) then true
  else match box 0%nat with
  | (Some l', h') => follow w [] 1 0 l' h'
  | (None, Some h') => follow w [] (-1) h' 0 None
  | (None, None) => match w with
      | Sides c below above => follow above [] 1 0 (c + 1) None && follow below [] (-1) c 0 None
      | _ => false end
  end.

Variables (values : list Z) (G : Prop).
Definition starts (done : list Z) : Prop := forall i, (i < length done)%nat -> nth i values 0 = nth i done 0.
Hypothesis in_box : forall i, within (box i) (nth i values 0).
Hypothesis right_test : forall done M r low high t, starts done -> (length done <= outer)%nat -> inside low high t ->
  nth (length done) values 0 = M * t + r -> test done M r low high = Yes -> G.

Definition follows (w : tree) : Prop := forall done M r low high t, starts done -> (length done <= outer)%nat ->
  inside low high t -> nth (length done) values 0 = M * t + r -> follow w done M r low high = true -> G.
Lemma is_yes_ok : forall done M r low high t, starts done -> (length done <= outer)%nat -> inside low high t ->
  nth (length done) values 0 = M * t + r -> is_yes (test done M r low high) = true -> G.
Proof. intros done M r low high t S L I X Y. apply (right_test done M r low high t); auto. destruct (test done M r low high); auto; discriminate. Qed.
Lemma in_class : forall k low high t, 1 <= k -> inside low high t -> inside (class_from k (t mod k) low) (class_to k (t mod k) high) (t / k).
Proof.
  intros k low high t Hk [L H]. pose proof (Z.mod_pos_bound t k ltac:(lia)). pose proof (Z.div_mod t k ltac:(lia)). split.
  - unfold class_from. pose proof (proj1 (cdiv_char (low + -1 * (t mod k)) k _ ltac:(lia)) eq_refl). nia.
  - destruct high; cbn [class_to option_map]; [|exact Logic.I]. apply div_le_iff; nia.
Qed.
Lemma class_value : forall M r k t, 1 <= k -> M * t + r = M * k * (t / k) + (r + M * (t mod k)).
Proof. intros. rewrite (Z.div_mod t k) at 1 by lia. ring. Qed.
Lemma entered_ok : forall a next, follows a -> halves follows a ->
  starts next -> (length next <= outer)%nat ->
  match box (length next) with
  | (Some l', h') => follow a next 1 0 l' h'
  | (None, Some h') => follow a next (-1) h' 0 None
  | (None, None) => match a with
      | Sides c below above => follow above next 1 0 (c + 1) None && follow below next (-1) c 0 None
      | _ => false end
  end = true -> G.
Proof.
  intros a next A N S L H. pose proof (in_box (length next)) as W. set (x := nth (length next) values 0) in *.
  destruct (box (length next)) as [[l'|] [h'|]]; unfold within in W; cbn [fst snd] in W.
  - apply (A next 1 0 l' (Some h') x); auto; solve [split; tauto | fold x; ring].
  - apply (A next 1 0 l' None x); auto; solve [split; tauto | fold x; ring].
  - apply (A next (-1) h' 0 None (h' + -1 * x)); auto; solve [split; [lia | exact I] | fold x; ring].
  - destruct a; try discriminate. destruct N as [N1 N2]. apply andb_true_iff in H as [H1 H2]. destruct (Z_le_gt_dec x place).
    + apply (N1 next (-1) place 0 None (place + -1 * x)); auto; solve [split; [lia | exact I] | fold x; ring].
    + apply (N2 next 1 0 (place + 1) None x); auto; solve [split; [lia | exact I] | fold x; ring].
Qed.
Theorem follow_ok : forall w, follows w.
Proof.
  assert (N : forall low high t, inside low high t -> match high with Some h => h <? low | None => false end = false).
  { intros low [h|] t [L U]; [apply Z.ltb_ge; lia | reflexivity]. }
  induction w as [|c a b A B|k l F|k j a A|c a b A B|l F] using tree_induction; intros done M r low high t S L I X H;
  cbn [follow] in H; rewrite (N low high t I) in H.
  - exact (is_yes_ok done M r low high t S L I X H).
  - destruct (follow a _ _ _ _ _) eqn:D; [|discriminate]. destruct I as [I1 I2]. destruct (Z_le_gt_dec t c).
    + apply (A done M r low (until high c) t); auto. split; auto. destruct high; cbn; lia.
    + apply (B done M r (Z.max low (c + 1)) high t); auto. split; auto. lia.
  - apply andb_true_iff in H as [H B]. apply andb_true_iff in H as [Hk Hl]. apply Z.leb_le in Hk. apply Z.eqb_eq in Hl.
    pose proof (Z.mod_pos_bound t k ltac:(lia)) as Hj.
    assert (K : forall j, j <= t mod k < j + Z.of_nat (length l) -> (fix go l j := match l with
        | [] => true
        | a :: rest => if follow a done (M * k) (r + M * j) (class_from k j low) (class_to k j high) then go rest (j + 1) else false
        end) l j = true -> G).
    { clear B Hl. induction F as [|a rest A F IH]; intros j R B; cbn [length] in R; [lia|].
      destruct (follow a _ _ _ _ _) eqn:D; [|discriminate]. destruct (Z.eq_dec j (t mod k)) as [->|].
      - refine (A done _ _ _ _ (t / k) S L (in_class k low high t Hk I) _ D). rewrite X. now apply class_value.
      - apply (IH (j + 1)); auto. lia. }
    apply (K 0); auto. lia.
  - apply andb_true_iff in H as [Hk H]. apply Z.leb_le in Hk. pose proof (Z.mod_pos_bound t k ltac:(lia)) as Hj.
    replace (Z.to_nat k) with (Z.to_nat (k + -1 + -1 * 0 + 1)) in H by (f_equal; ring). apply (every_ok _ 0 (k + -1)) with (x := t mod k) in H; [|lia].
    assert (X' : nth (length done) values 0 = M * k * (t / k) + (r + M * (t mod k))) by (rewrite X; now apply class_value).
    pose proof (in_class k low high t Hk I) as I'. destruct (Z.eqb_spec (t mod k) j).
    + exact (A done _ _ _ _ (t / k) S L I' X' H).
    + apply orb_true_iff in H as [H|H]; [|exact (is_yes_ok done _ _ _ _ (t / k) S L I' X' H)].
      destruct (class_to k (t mod k) high) as [h|]; [|discriminate]. apply Z.ltb_lt in H. destruct I'; lia.
  - discriminate.
  - destruct high as [h|]; [|discriminate]. destruct I as [I1 I2]. revert I1 H. generalize low. clear low.
    induction F as [|[[first last] a] rest [A K] F IH]; intros from I1 B.
    { apply Z.ltb_lt in B. lia. }
    apply andb_true_iff in B as [B C]. apply andb_true_iff in B as [D B]. apply Z.eqb_eq in D. subst first.
    destruct (Z_le_gt_dec t last); [|apply (IH (last + 1)); auto; lia].
    apply every_ok with (x := t) in B; [|lia]. destruct (Nat.eqb_spec (length done) outer).
    + apply (A done M r t (Some t) t); auto. split; lia.
    + assert (Len : length (done ++ [M * t + r]) = Datatypes.S (length done)) by (rewrite app_length; cbn; lia).
      apply (entered_ok a (done ++ [M * t + r])); auto; [|lia].
      intros i Li. rewrite Len in Li. destruct (Nat.lt_ge_cases i (length done)).
      * rewrite app_nth1 by auto. auto.
      * replace i with (length done) by lia. now rewrite nth_middle.
Qed.
Lemma begun_ok : forall w, begun w = true -> G.
Proof.
  intros w H. unfold begun in H. destruct (existsb _ _) eqn:E.
  { apply existsb_exists in E as [i [_ E]]. pose proof (above_ok _ _ _ _ (in_box i) (in_box i) E). lia. }
  apply (entered_ok w []).
  - apply follow_ok.
  - destruct w; cbn [halves]; auto using follow_ok.
  - intros i L. cbn in L. lia.
  - cbn. lia.
  - exact H.
Qed.
End following.

(** Letters before the one that is followed have values, those after it are known by their ends. *)
Definition test_leaf (ds : list definition) (goal : prop) (box : nat -> range) (outer : nat)
    (done : list Z) (M r low : Z) (high : option Z) : answer :=
  let piece := match high with
               | Some h => if h =? low then exactly (M * low + r) else Known [r; M] 1
               | None => Known [r; M] 1 end in
  let left := (outer - length done)%nat in
  let first := Some (M * low + r) in let last := option_map (fun h => M * h + r) high in
  verdict low high (run (progression low high) (map exactly done ++ piece :: repeat (Stuck Points) left) ds)
    (fun _ => run ranges (map (fun v => (Some v, Some v)) done ++
       (if 0 <=? M then (first, last) else (last, first)) :: map box (seq (S (length done)) left)) ds) goal.
(** [outer] letters come before the last one; then come the definitions. *)
Definition solutions (outer : nat) (w : tree) (promises given : list prop) (ds : list definition) (p q : prop) : bool :=
  let box := ends (promises ++ given) in
  forallb (implied q) given && begun box outer (test_leaf ds (PIff p q) box outer) w.

Lemma beside_ok : forall (A : Type) (o : operations A) (rep : A -> Z -> Prop) (f : Z -> A) done piece rest values,
  starts values done -> (forall v, rep (f v) v) -> rep piece (nth (length done) values 0) ->
  (forall i, (i < length rest)%nat -> rep (nth i rest (nothing o)) (nth (S (length done) + i) values 0)) ->
  follows_in o rep (map f done ++ piece :: rest) values.
Proof.
  intros A o rep f done piece rest values St F P R i L. destruct (Nat.lt_ge_cases i (length done)) as [C|C].
  - rewrite app_nth1 by now rewrite map_length. rewrite St by auto.
    rewrite (nth_indep _ _ (f 0)) by now rewrite map_length. rewrite map_nth. apply F.
  - rewrite app_length, map_length in L. cbn [length] in L. rewrite app_nth2, map_length by now rewrite map_length.
    destruct (i - length done)%nat as [|j] eqn:D; cbn [nth].
    + replace i with (length done) by lia. exact P.
    + replace i with (S (length done) + j)%nat by lia. apply R. lia.
Qed.
Lemma test_leaf_ok : forall ds goal box outer values, (forall i, within (box i) (nth i values 0)) -> defined values (S outer) ds ->
  forall done M r low high t, starts values done -> (length done <= outer)%nat -> inside low high t ->
  nth (length done) values 0 = M * t + r -> test_leaf ds goal box outer done M r low high = Yes -> meaning values goal.
Proof.
  intros ds goal box outer values W D done M r low high t St Le I X Y. unfold test_leaf in Y.
  set (piece := match high with Some _ => _ | None => _ end) in Y. set (left := (outer - length done)%nat) in Y.
  assert (P : is_floored t piece (nth (length done) values 0)).
  { assert (K : is_floored t (Known [r; M] 1) (M * t + r)) by (split; [lia|]; cbn [horner]; rewrite Z.div_1_r; ring).
    unfold piece. rewrite X. destruct I as [I1 I2]. destruct high as [h|]; auto. destruct (Z.eqb_spec h low); auto.
    replace t with low by lia. apply exactly_ok. }
  clearbody piece.
  match type of Y with verdict _ _ ?env ?env' _ = _ => pose proof (verdict_ok low high t env env' values I) as V end.
  match type of V with _ -> _ -> forall p, said _ _ => assert (Z : forall A B, said (verdict low high A B goal) (meaning values goal) -> verdict low high A B goal = Yes -> meaning values goal) end.
  { intros A B T E. now rewrite E in T. }
  refine (Z _ _ (V _ _ goal) Y); clear V Z Y.
  - apply run_ok; [now apply progression_right | |].
    + apply beside_ok; auto using exactly_ok. intros i L. change (nothing (progression low high)) with (Stuck Points).
      rewrite nth_repeat. exact Logic.I.
    + rewrite app_length, map_length. cbn [length]. rewrite repeat_length. unfold left.
      replace (length done + S (outer - length done))%nat with (S outer) by lia. exact D.
  - apply run_ok; [apply ranges_right | |].
    + apply beside_ok; auto.
      * intro v. split; cbn; lia.
      * rewrite X. destruct I as [I1 I2]. destruct (Z.leb_spec 0 M); split; cbn [fst snd]; try nia; destruct high; cbn [option_map]; try exact Logic.I; nia.
      * intros i L. rewrite map_length, seq_length in L. rewrite (nth_indep _ _ (box 0%nat)) by (rewrite map_length, seq_length; auto).
        rewrite map_nth, seq_nth by auto. apply W.
    + rewrite app_length, map_length. cbn [length]. rewrite map_length, seq_length. unfold left.
      replace (length done + S (outer - length done))%nat with (S outer) by lia. exact D.
Qed.
Lemma rule_tree : forall values outer w promises given ds p q, solutions outer w promises given ds p q = true ->
  every_one values promises -> (meaning values p -> every_one values given) -> defined values (S outer) ds ->
  (meaning values p <-> meaning values q).
Proof.
  intros values outer w promises given ds p q H Pr Gv D. unfold solutions in H. apply andb_true_iff in H as [Im Gr].
  assert (Iq : meaning values q -> every_one values given).
  { intro M. rewrite forallb_forall in Im. clear Gv Gr. induction given as [|g r IH]; [exact I|].
    split; [apply (implied_ok values q g); auto; apply Im; now left | apply IH; intros; apply Im; now right]. }
  assert (Go : every_one values given -> (meaning values p <-> meaning values q)).
  { intro A. change (meaning values (PIff p q)).
    assert (W : forall i, within (ends (promises ++ given) i) (nth i values 0)) by (intro i; apply ends_ok; now apply every_one_app).
    apply (begun_ok (ends (promises ++ given)) outer (test_leaf ds (PIff p q) (ends (promises ++ given)) outer) values) with (w := w); auto.
    apply test_leaf_ok; auto. }
  tauto.
Qed.
