(* Intervals.v: between which ends a term must lie, and when a proposition must be false: the rule interval_bound. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Reflect Signs Programs.
Import ListNotations.
Open Scope Z_scope.

Definition both (f : Z -> Z -> Z) (a b : option Z) : option Z :=
  match a, b with Some x, Some y => Some (f x y) | _, _ => None end.
Definition opposite (r : range) : range := (option_map Z.opp (snd r), option_map Z.opp (fst r)).
Definition range_plus (a b : range) : range := (both Z.add (fst a) (fst b), both Z.add (snd a) (snd b)).

(** The extreme products of ends; of what is open, nothing is known, but 0 times it is 0. *)
Definition scaled (k : Z) (r : range) : range :=
  let low := option_map (Z.mul k) (fst r) in let high := option_map (Z.mul k) (snd r) in
  if 0 <? k then (low, high) else (high, low).
Definition point (r : range) : option Z :=
  match r with (Some l, Some h) => if l =? h then Some l else None | _ => None end.
Definition not_negative (r : range) : bool := at_least (fst r) 0.
Definition range_times (a b : range) : range :=
  match point a, point b with
  | Some 0, _ | _, Some 0 => (Some 0, Some 0)
  | p, q =>
    if not_negative a && not_negative b then (both Z.mul (fst a) (fst b), both Z.mul (snd a) (snd b))
    else match a, b with
    | (Some x, Some y), (Some z, Some w) =>
        (Some (Z.min (Z.min (x * z) (x * w)) (Z.min (y * z) (y * w))), Some (Z.max (Z.max (x * z) (x * w)) (Z.max (y * z) (y * w))))
    | _, _ => match p, q with Some k, _ => scaled k b | _, Some k => scaled k a | _, _ => (None, None) end
    end
  end.
Fixpoint range_power (a : range) (n : nat) : range :=
  match n with O => (Some 1, Some 1) | S k => range_times (range_power a k) a end.
Definition range_pow (a : range) (n : Z) : range :=
  if n <? 0 then (None, None)
  else if not_negative a then range_power a (Z.to_nat n)
  else match point a with
       | Some x => (Some (x ^ n), Some (x ^ n))
       | None => if Z.even n then (Some 0, None) else (None, None)
       end.

(** A numerator of one sign is made smaller by the larger divisor; without a largest one it comes to 0 or -1. *)
Definition range_over (a b : range) : range :=
  match point a, point b with
  | Some x, Some y => (Some (x / y), Some (x / y))
  | _, _ => match fst b with
    | Some c => if 1 <=? c then
        (option_map (fun l => if l <? 0 then l / c else match snd b with Some d => l / d | None => 0 end) (fst a),
         option_map (fun h => if 0 <=? h then h / c else match snd b with Some d => h / d | None => -1 end) (snd a))
      else (None, None)
    | None => (None, None)
    end
  end.
(** What a divisor leaves: less than it, and no more than a numerator that is not negative; all of a smaller one. *)
Definition range_left (a b : range) : range :=
  let less := option_map (Z.add (-1)) (snd b) in
  match a, fst b with
  | (Some l, Some h), Some c => if l <? 0 then (Some 0, less) else if h <? c then a else (Some 0, smaller_of (Some h) less)
  | _, _ => (Some 0, less)
  end.
Definition range_rest (a b : range) : range :=
  match point a, point b with
  | Some x, Some y => (Some (x mod y), Some (x mod y))
  | _, _ => if at_least (fst b) 1 then range_left a b else (None, None)
  end.
Definition range_extreme (s : bool) (a b : range) : range :=
  if s then (larger_of (fst a) (fst b), both Z.max (snd a) (snd b))
  else (both Z.min (fst a) (fst b), smaller_of (snd a) (snd b)).
Definition range_windows (l f d s : range) : range :=
  if at_least (fst f) 1 && at_least (fst d) 1 && at_least (fst s) 1 then
    let reach := range_plus (range_times d (range_plus f (Some (-1), Some (-1)))) (Some 1, Some 1) in
    range_extreme true (Some 0, Some 0)
      (range_plus (range_over (range_plus l (opposite reach)) s) (Some 1, Some 1))
  else (Some 0, None).
Definition ranges : operations range :=
  Operations range (fun n => (Some n, Some n)) (None, None) range_plus range_times range_pow range_over range_rest
    range_extreme range_windows.

(* ------------------------------------------------------------------ *)

Ltac ranges :=
  repeat match goal with r : range |- _ => destruct r as [[?|] [?|]] | r : (option Z * option Z)%type |- _ => destruct r as [[?|] [?|]] end;
  unfold within in *; cbn [fst snd both option_map larger_of smaller_of at_least] in *.

Lemma point_ok : forall r n v, point r = Some n -> within r v -> v = n.
Proof.
  intros [[l|] [h|]] n v H W; try discriminate. cbn in H. destruct (Z.eqb_spec l h); [|discriminate].
  injection H as <-. unfold within in W; cbn in W. lia.
Qed.
Lemma plus_within : forall a b x y, within a x -> within b y -> within (range_plus a b) (x + y).
Proof. intros. unfold range_plus. ranges; lia. Qed.
Lemma opposite_within : forall a x, within a x -> within (opposite a) (- x).
Proof. intros. unfold opposite. ranges; lia. Qed.
Lemma scaled_within : forall k a x, within a x -> within (scaled k a) (k * x).
Proof. intros. unfold scaled. destruct (Z.ltb_spec 0 k); ranges; split; auto; nia. Qed.
Lemma product_between : forall x y z w a b, x <= a <= y -> z <= b <= w ->
  Z.min (Z.min (x * z) (x * w)) (Z.min (y * z) (y * w)) <= a * b <= Z.max (Z.max (x * z) (x * w)) (Z.max (y * z) (y * w)).
Proof.
  assert (L : forall x y a b, x <= a <= y -> Z.min (x * b) (y * b) <= a * b <= Z.max (x * b) (y * b)).
  { intros. destruct (Z_le_gt_dec 0 b); nia. }
  intros x y z w a b Ha Hb. pose proof (L x y a b Ha).
  pose proof (L z w b x Hb). pose proof (L z w b y Hb). rewrite !(Z.mul_comm _ x), !(Z.mul_comm _ y) in *. lia.
Qed.
Lemma times_within : forall a b x y, within a x -> within b y -> within (range_times a b) (x * y).
Proof.
  intros a b x y A B.
  assert (G : within (if not_negative a && not_negative b then (both Z.mul (fst a) (fst b), both Z.mul (snd a) (snd b))
    else match a, b with
    | (Some x, Some y), (Some z, Some w) =>
        (Some (Z.min (Z.min (x * z) (x * w)) (Z.min (y * z) (y * w))), Some (Z.max (Z.max (x * z) (x * w)) (Z.max (y * z) (y * w))))
    | _, _ => match point a, point b with Some k, _ => scaled k b | _, Some k => scaled k a | _, _ => (None, None) end
    end) (x * y)).
  { destruct (not_negative a && not_negative b) eqn:N.
    - apply andb_true_iff in N as [N M]. unfold not_negative in *. ranges; try discriminate; apply Z.leb_le in N, M; split; auto; nia.
    - assert (S : within (match point a, point b with Some k, _ => scaled k b | _, Some k => scaled k a | _, _ => (None, None) end) (x * y)).
      { destruct (point a) eqn:P; [rewrite (point_ok _ _ _ P A); now apply scaled_within|].
        destruct (point b) eqn:Q; [rewrite (point_ok _ _ _ Q B), Z.mul_comm; now apply scaled_within | split; exact I]. }
      destruct a as [[a1|] [a2|]], b as [[b1|] [b2|]]; try exact S.
      unfold within in *; cbn [fst snd] in *. apply product_between; auto. }
  unfold range_times. destruct (point a) as [[| |]|] eqn:P; destruct (point b) as [[| |]|] eqn:Q; auto;
  try (rewrite (point_ok _ _ _ P A)); try (rewrite (point_ok _ _ _ Q B)); rewrite ?Z.mul_0_r, ?Z.mul_0_l; split; cbn; lia.
Qed.
Lemma power_within : forall a x n, within a x -> within (range_power a n) (x ^ Z.of_nat n).
Proof.
  induction n; intro A; [split; cbn; lia|]. cbn [range_power]. rewrite Nat2Z.inj_succ, Z.pow_succ_r, Z.mul_comm by lia.
  apply times_within; auto.
Qed.
Lemma pow_within : forall a x n, within a x -> within (range_pow a n) (x ^ n).
Proof.
  intros a x n A. unfold range_pow. destruct (Z.ltb_spec n 0); [split; exact I|].
  destruct (not_negative a); [rewrite <- (Z2Nat.id n) at 2 by auto; now apply power_within|].
  destruct (point a) eqn:P; [rewrite (point_ok _ _ _ P A); split; cbn; lia|].
  destruct (Z.even n) eqn:E; [|split; exact I]. split; [|exact I]. cbn. apply Z.pow_even_nonneg. now apply Z.even_spec.
Qed.
Lemma over_low : forall l v c m, 1 <= c -> c <= m -> l <= v -> l < 0 -> l / c <= v / m.
Proof. intros. apply div_le_iff; [lia|]. pose proof (proj1 (div_char l c _ ltac:(lia)) eq_refl). nia. Qed.
Lemma over_low_positive : forall l v d m, 1 <= m -> m <= d -> l <= v -> 0 <= l -> l / d <= v / m.
Proof. intros. apply div_le_iff; [lia|]. pose proof (proj1 (div_char l d _ ltac:(lia)) eq_refl). nia. Qed.
Lemma over_high : forall h v c m, 1 <= c -> c <= m -> v <= h -> 0 <= h -> v / m <= h / c.
Proof.
  intros. apply div_le_iff; [lia|]. pose proof (proj1 (div_char v m _ ltac:(lia)) eq_refl).
  destruct (Z_le_gt_dec 0 (v / m)); nia.
Qed.
Lemma over_high_negative : forall h v d m, 1 <= m -> m <= d -> v <= h -> h < 0 -> v / m <= h / d.
Proof.
  intros. apply div_le_iff; [lia|]. pose proof (proj1 (div_char v m _ ltac:(lia)) eq_refl).
  assert (v / m < 0) by nia. nia.
Qed.
Lemma over_within : forall a b x y, within a x -> within b y -> within (range_over a b) (x / y).
Proof.
  intros a b x y A B.
  assert (G : within (match fst b with
    | Some c => if 1 <=? c then
        (option_map (fun l => if l <? 0 then l / c else match snd b with Some d => l / d | None => 0 end) (fst a),
         option_map (fun h => if 0 <=? h then h / c else match snd b with Some d => h / d | None => -1 end) (snd a))
      else (None, None)
    | None => (None, None) end) (x / y)).
  { destruct b as [[c|] d]; [|split; exact I]. cbn [fst snd]. destruct (Z.leb_spec 1 c); [|split; exact I].
    unfold within in *; cbn [fst snd] in *. destruct A as [A1 A2], B as [B1 B2]. split.
    - destruct (fst a) as [l|]; [|exact I]. cbn. destruct (Z.ltb_spec l 0); [now apply over_low|].
      destruct d as [d|]; [apply over_low_positive; lia | apply Z.div_pos; lia].
    - destruct (snd a) as [h|]; [|exact I]. cbn. destruct (Z.leb_spec 0 h); [now apply over_high|].
      destruct d as [d|]; [apply over_high_negative; lia | pose proof (div_lt_iff x y 0 ltac:(lia)); lia]. }
  unfold range_over. destruct (point a) eqn:P; auto. destruct (point b) eqn:Q; auto.
  rewrite (point_ok _ _ _ P A), (point_ok _ _ _ Q B). split; cbn; lia.
Qed.
Lemma left_within : forall a b x y, at_least (fst b) 1 = true -> within a x -> within b y -> within (range_left a b) (x mod y).
Proof.
  intros a [[c|] d] x y E A B; [|discriminate]. cbn in E. apply Z.leb_le in E. destruct B as [B1 B2]; cbn [fst snd] in B1, B2.
  pose proof (Z.mod_pos_bound x y ltac:(lia)).
  assert (G : within (Some 0, option_map (Z.add (-1)) d) (x mod y)).
  { split; cbn [fst snd]; [lia|]. destruct d; cbn [option_map] in *; [lia | exact I]. }
  unfold range_left. destruct a as [[l|] [h|]]; try exact G. cbn [fst snd]. destruct (Z.ltb_spec l 0); [exact G|].
  unfold within in A; cbn [fst snd] in A. destruct (Z.ltb_spec h c).
  - rewrite Z.mod_small by lia. exact A.
  - pose proof (Z.mod_le x y ltac:(lia) ltac:(lia)). split; cbn [fst snd]; [lia|].
    destruct d; cbn [option_map smaller_of] in *; lia.
Qed.
Lemma rest_within : forall a b x y, within a x -> within b y -> within (range_rest a b) (x mod y).
Proof.
  intros a b x y A B.
  assert (G : within (if at_least (fst b) 1 then range_left a b else (None, None)) (x mod y)).
  { destruct (at_least (fst b) 1) eqn:E; [now apply left_within | split; exact I]. }
  unfold range_rest. destruct (point a) eqn:P; auto. destruct (point b) eqn:Q; auto.
  rewrite (point_ok _ _ _ P A), (point_ok _ _ _ Q B). split; cbn; lia.
Qed.
Lemma extreme_within : forall s a b x y, within a x -> within b y -> within (range_extreme s a b) (extreme s x y).
Proof. intros [] a b x y; unfold range_extreme, extreme; ranges; lia. Qed.
Lemma windows_within : forall a b c d x y z w, within a x -> within b y -> within c z -> within d w ->
  within (range_windows a b c d) (Windows x y z w).
Proof.
  intros a b c d x y z w A B C D. unfold range_windows.
  destruct (at_least (fst b) 1 && at_least (fst c) 1 && at_least (fst d) 1) eqn:E.
  2: { split; cbn; [apply Windows_least | exact I]. }
  assert (L : forall r v, at_least (fst r) 1 = true -> within r v -> 1 <= v).
  { intros [[l|] h] v H [W _]; cbn in *; [apply Z.leb_le in H; lia | discriminate]. }
  rewrite !andb_true_iff in E. destruct E as [[E1 E2] E3].
  rewrite Windows_formula by eauto. apply (extreme_within true).
  - split; cbn; lia.
  - apply plus_within; [|split; cbn; lia]. apply over_within; auto. apply plus_within; auto.
    replace (-1 * (z * (y + -1) + 1)) with (- (z * (y + -1) + 1)) by ring. apply opposite_within.
    apply plus_within; [|split; cbn; lia]. apply times_within; auto. apply plus_within; auto. split; cbn; lia.
Qed.
Lemma ranges_right : right ranges within.
Proof.
  constructor; cbn [number nothing plus_in times_in power_in over_in rest_in extreme_in windows_in ranges];
  auto using plus_within, times_within, pow_within, over_within, rest_within, extreme_within, windows_within.
  - intro n. split; cbn; lia.
  - intro. split; exact I.
Qed.

(* ------------------------------------------------------------------ *)
(** * interval_bound *)

Definition above (a b : option Z) : bool := match a, b with Some x, Some y => y <? x | _, _ => false end.
Definition out_of (r : range) (p : part) : bool := above (minimum p) (snd r) || above (fst r) (maximum p).

Fixpoint refuted (env : list range) (p : prop) : bool :=
  match p with
  | PAnd a b => refuted env a || refuted env b
  | POr a b => refuted env a && refuted env b
  | PFalse => true
  | PLe a b => above (fst (abstract ranges env a)) (snd (abstract ranges env b))
  | PLt a b => above (option_map (Z.add 1) (fst (abstract ranges env a))) (snd (abstract ranges env b))
  | PEq a b => let x := abstract ranges env a in let y := abstract ranges env b in
               above (fst x) (snd y) || above (fst y) (snd x)
  | PDivides a b => let y := abstract ranges env b in
                    above (fst (abstract ranges env a)) (snd y) && at_least (fst y) 1
  | PIn a parts => let x := abstract ranges env a in forallb (out_of x) parts
  | _ => false
  end.
Lemma above_ok : forall (r s : range) x y, within r x -> within s y -> above (fst r) (snd s) = true -> y < x.
Proof. intros [[l|] h] [l' [h'|]] x y [A _] [_ B] H; cbn in *; try discriminate. apply Z.ltb_lt in H. lia. Qed.
Lemma refuted_ok : forall env values, follows_in ranges within env values -> forall p,
  refuted env p = true -> ~ meaning values p.
Proof.
  intros env values E.
  assert (G : forall e, within (abstract ranges env e) (eval values e)) by (intro; apply abstract_ok; auto using ranges_right).
  induction p; cbn [refuted meaning]; intros H M; try discriminate.
  - apply orb_true_iff in H as [H|H]; eapply above_ok in H; eauto; lia.
  - eapply above_ok in H; eauto. lia.
  - pose proof (G a) as A. pose proof (G b) as B. destruct (abstract ranges env a) as [[l|] ?], (abstract ranges env b) as [? [h|]]; try discriminate.
    cbn [fst snd option_map above] in H. apply Z.ltb_lt in H. unfold within in *; cbn [fst snd] in *. lia.
  - apply andb_true_iff in H as [H H']. eapply above_ok in H; eauto. pose proof (G a) as B.
    destruct (abstract ranges env a) as [[l|] ?]; cbn in H'; try discriminate. apply Z.leb_le in H'. destruct B as [B _]; cbn in B.
    apply Z.divide_pos_le in M; lia.
  - destruct M as [p [I [_ [L U]]]]. rewrite forallb_forall in H. specialize (H p I). apply orb_true_iff in H.
    pose proof (G a) as [A B]. destruct (abstract ranges env a) as [[l|] [h|]], (minimum p), (maximum p);
    cbn [fst snd above] in *; destruct H as [H|H]; try discriminate; apply Z.ltb_lt in H; lia.
  - apply orb_true_iff in H. tauto.
  - apply andb_true_iff in H. tauto.
  - exact M.
Qed.

(** What is so beyond a bound. *)
Definition beyond (claim : prop) : option prop :=
  match claim with
  | PLe (Num n) (Var i) => Some (PLe (Var i) (Num (n + -1)))
  | PLe (Var i) (Num n) => Some (PLe (Num (n + 1)) (Var i))
  | _ => None
  end.
Definition bounds_claim (n : nat) (given : list prop) (ds : list definition) (claim p : prop) : bool :=
  match beyond claim with
  | Some b =>
      let box := map (ends (b :: given)) (seq 0 n) in
      existsb (fun r => above (fst r) (snd r)) box || refuted (run ranges box ds) p
  | None => false
  end.
Lemma box_ok : forall values given n, every_one values given ->
  follows_in ranges within (map (ends given) (seq 0 n)) values.
Proof.
  intros values given n H i L. rewrite map_length, seq_length in L.
  rewrite (nth_indep _ _ (ends given 0)) by (rewrite map_length, seq_length; auto).
  rewrite map_nth, seq_nth by auto. now apply ends_ok.
Qed.
Lemma rule_interval_bound : forall values n given ds claim p, bounds_claim n given ds claim p = true ->
  every_one values given -> defined values n ds -> meaning values p -> meaning values claim.
Proof.
  intros values n given ds claim p H Gv D P. unfold bounds_claim in H. destruct (beyond claim) as [b|] eqn:B; [|discriminate].
  assert (N : meaning values claim \/ meaning values b).
  { destruct claim; try discriminate. destruct a; try discriminate; destruct b0; try discriminate; injection B as <-;
    cbn [meaning eval]; lia. }
  destruct N as [N|N]; [exact N|]. exfalso.
  pose proof (box_ok values (b :: given) n (conj N Gv)) as F. set (box := map (ends (b :: given)) (seq 0 n)) in *.
  assert (Len : length box = n) by (unfold box; now rewrite map_length, seq_length).
  apply orb_true_iff in H as [H|H].
  - apply existsb_exists in H as [r [I A]]. apply (In_nth _ _ (nothing ranges)) in I as [i [L E]].
    pose proof (F i L) as W. rewrite E in W.
    eapply above_ok in A; eauto. lia.
  - refine (refuted_ok _ _ _ _ H P). apply run_ok; auto using ranges_right. now rewrite Len.
Qed.
