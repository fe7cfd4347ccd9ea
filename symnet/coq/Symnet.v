(* Symnet.v: what the words of a derivation mean, and one lemma for each rule of the kernel that needs no computation.

   Read the definitions: they are what is trusted. A size is a number of window positions counted in a list, a number of
   parameters is the length of a list of indices, a ceiling is a floor from above. All formulas are proven below.
   Coq 8.16, standard library only, no axioms. *)
Require Import ZArith Lia List Bool FinFun.
Import ListNotations.
Open Scope Z_scope.

(** A derivation writes W - F for W + (-1)·F: one form of subtraction, so that terms compare by structure. *)
Declare Scope layers_scope.
Delimit Scope layers_scope with layers.
Notation "a - b" := (Z.add a (Z.mul (-1) b)) : layers_scope.
Lemma minus_is_subtraction : forall a b, (a - b)%layers = Z.sub a b.
Proof. intros; ring. Qed.

(* ------------------------------------------------------------------ *)
(** * Definitions *)

(** The ceiling of x / m. *)
Definition cdiv (x m : Z) : Z := - ((- x) / m).

(** 0, 1, …, n - 1. *)
Definition below (n : Z) : list Z := map Z.of_nat (seq 0 (Z.to_nat n)).

(** Position k of a window with F taps, D apart, moved by S: every tap lies in [0, L). *)
Definition fits (L F D S k : Z) : bool :=
  forallb (fun j => (0 <=? k * S + j * D) && (k * S + j * D <? L)) (below F).

(** How many positions fit. With S >= 1 no position from L on fits, so the list leaves none out. *)
Definition Windows (L F D S : Z) : Z := Z.of_nat (length (filter (fits L F D S) (below L))).

(** The index set of an array: all lists of indices below the sizes; its number of entries. *)
Fixpoint indices (shape : list Z) : list (list Z) :=
  match shape with
  | [] => [[]]
  | size :: rest => map (fun pair => fst pair :: snd pair) (list_prod (below size) (indices rest))
  end.
Definition Entries (shape : list Z) : Z := Z.of_nat (length (indices shape)).

(** SAME padding: the least that gives cdiv W S windows (see [same_padding_least]). *)
Definition same_padding (W F D S : Z) : Z := Z.max ((cdiv W S + -1) * S + (D * (F + -1) + 1) + -1 * W) 0.

(** A concrete set of integers: a union of residue classes between ends. *)
Record part := Part { residue : Z; modulus : Z; minimum : option Z; maximum : option Z }.
Definition Congruent (x r m : Z) : Prop := (m | x + -1 * r).
Definition member_part (x : Z) (p : part) : Prop :=
  Congruent x (residue p) (modulus p)
  /\ match minimum p with Some low => low <= x | None => True end
  /\ match maximum p with Some high => x <= high | None => True end.
Definition Member (x : Z) (parts : list part) : Prop := exists p, In p parts /\ member_part x p.

(* ------------------------------------------------------------------ *)
(** * Division *)

Lemma le_num : forall a b, (a <=? b) = true -> a <= b.
Proof. intros a b. apply Z.leb_le. Qed.
#[global] Arguments le_num _ _ & _. (* the numbers are those of the inequality that is asked for *)

Lemma div_char : forall x m q, 1 <= m -> (x / m = q <-> m * q <= x < m * q + m).
Proof.
  intros x m q Hm; split; intro H.
  - subst q. pose proof (Z.div_mod x m ltac:(lia)). pose proof (Z.mod_pos_bound x m ltac:(lia)). lia.
  - symmetry. apply Z.div_unique_pos with (r := x - m * q); lia.
Qed.

Lemma div_le_iff : forall x m q, 1 <= m -> (q <= x / m <-> m * q <= x).
Proof. intros x m q Hm. pose proof (proj1 (div_char x m (x / m) Hm) eq_refl). nia. Qed.

Lemma div_lt_iff : forall x m q, 1 <= m -> (x / m < q <-> x < m * q).
Proof. intros x m q Hm. pose proof (proj1 (div_char x m (x / m) Hm) eq_refl). nia. Qed.

Lemma cdiv_floor : forall x m, 1 <= m -> cdiv x m = (x + m + -1) / m.
Proof.
  intros x m Hm. unfold cdiv. symmetry. apply div_char; auto.
  pose proof (proj1 (div_char (- x) m _ Hm) eq_refl). nia.
Qed.

Lemma cdiv_char : forall x m q, 1 <= m -> (cdiv x m = q <-> m * q - m < x <= m * q).
Proof. intros x m q Hm. rewrite cdiv_floor, div_char by auto. lia. Qed.

(* ------------------------------------------------------------------ *)
(** * Rules of floors and ceilings *)

Lemma rule_floor_shift : forall x m c, 1 <= m -> x / m + c = (x + c * m) / m.
Proof. intros. rewrite Z.div_add by lia. reflexivity. Qed.

Lemma rule_ceil_as_floor : forall x m, 1 <= m -> cdiv x m = (x + m + -1) / m.
Proof. exact cdiv_floor. Qed.

(** t, c and k are b·m, a + b·m and m·n with numerals worked out. *)
Lemma rule_floor_nest : forall x y z a b m n t c k, 1 <= m -> 1 <= n ->
  b * m = t -> a + t = c -> m * n = k -> y = (x + a) / m -> z = (y + b) / n -> z = (x + c) / k.
Proof.
  intros; subst. rewrite <- Z.div_div by lia. f_equal.
  rewrite Z.add_assoc, Z.div_add by lia. reflexivity.
Qed.
(** How the kernel writes a product and a sum that simplify. *)
Lemma times_one_left : forall a b, a = 1 -> a * b = b.
Proof. intros; subst. apply Z.mul_1_l. Qed.
Lemma times_one_right : forall a b, b = 1 -> a * b = a.
Proof. intros; subst. apply Z.mul_1_r. Qed.
Lemma times_positive : forall a b, 1 <= a -> 1 <= b -> 1 <= a * b.
Proof. intros; nia. Qed.
#[global] Arguments times_positive _ _ & _ _.
Lemma times_zero_left : forall a b, a = 0 -> a * b = 0.
Proof. intros; subst. reflexivity. Qed.
Lemma times_zero_right : forall a b, b = 0 -> a * b = 0.
Proof. intros; subst. apply Z.mul_0_r. Qed.
Lemma times_swapped : forall a b : Z, a * b = b * a.
Proof. exact Z.mul_comm. Qed.
Lemma plus_zero_left : forall a b, a = 0 -> a + b = b.
Proof. intros; subst. reflexivity. Qed.
Lemma plus_zero_right : forall a b, b = 0 -> a + b = a.
Proof. intros; subst. apply Z.add_0_r. Qed.

Lemma rule_floor_monotone : forall x y l a m, 1 <= m -> y = (x + a) / m -> l <= x -> (l + a) / m <= y.
Proof. intros; subst. apply Z.div_le_mono; lia. Qed.

Lemma rule_floor_value : forall x m q, 1 <= m -> (x / m = q <-> m * q <= x /\ x < m * q + m).
Proof. exact div_char. Qed.

Lemma rule_floor_bound : forall q x m, 1 <= m -> (q <= x / m <-> q * m <= x).
Proof. intros. rewrite div_le_iff by auto. lia. Qed.

(* ------------------------------------------------------------------ *)
(** * Lists of positions *)

Lemma below_In : forall n k, In k (below n) <-> 0 <= k < n.
Proof.
  intros n k. unfold below. rewrite in_map_iff. split.
  - intros [i [E H]]. apply in_seq in H. lia.
  - intros H. exists (Z.to_nat k). split; [lia|]. apply in_seq. lia.
Qed.

Lemma below_length : forall n, Z.of_nat (length (below n)) = Z.max 0 n.
Proof. intros. unfold below. rewrite map_length, seq_length. lia. Qed.

Lemma below_NoDup : forall n, NoDup (below n).
Proof. intros. unfold below. apply Injective_map_NoDup; [intros a b; lia | apply seq_NoDup]. Qed.

Lemma NoDup_same_length : forall (A : Type) (l l' : list A),
  NoDup l -> NoDup l' -> (forall x, In x l <-> In x l') -> length l = length l'.
Proof. intros A l l' H H' E. apply Nat.le_antisymm; apply NoDup_incl_length; auto; intros x Hx; apply E; auto. Qed.

(** A window fits exactly when its last tap does. *)
Lemma fits_iff : forall L F D S k, 1 <= F -> 1 <= D -> 1 <= S -> 0 <= k ->
  (fits L F D S k = true <-> k * S + (D * (F + -1) + 1) <= L).
Proof.
  intros L F D S k HF HD HS Hk. unfold fits. rewrite forallb_forall. split; intro H.
  - specialize (H (F - 1)). rewrite below_In, andb_true_iff, Z.ltb_lt in H. specialize (H ltac:(lia)). nia.
  - intros j Hj. apply below_In in Hj. rewrite andb_true_iff, Z.leb_le, Z.ltb_lt. nia.
Qed.

(** The one theorem about counting: all positions below the formula, and no others. *)
Theorem Windows_formula : forall L F D S, 1 <= F -> 1 <= D -> 1 <= S ->
  Windows L F D S = Z.max 0 ((L + -1 * (D * (F + -1) + 1)) / S + 1).
Proof.
  intros L F D S HF HD HS. unfold Windows. rewrite <- below_length. f_equal.
  apply NoDup_same_length; auto using below_NoDup, NoDup_filter.
  intro k. rewrite filter_In, !below_In.
  pose proof (div_le_iff (L + -1 * (D * (F + -1) + 1)) S k HS).
  split.
  - intros [Hk H']. rewrite fits_iff in H' by lia. lia.
  - intros [H0 H1]. rewrite fits_iff by lia. nia.
Qed.

Lemma Windows_least : forall L F D S, 0 <= Windows L F D S.
Proof. intros. unfold Windows. lia. Qed.

Lemma Entries_least : forall shape, 0 <= Entries shape.
Proof. intros. unfold Entries. lia. Qed.

(* ------------------------------------------------------------------ *)
(** * Rules that count *)

Lemma rule_window_count : forall L F D S, 1 <= F -> 1 <= D -> 1 <= S -> D * (F + -1) + 1 <= L ->
  Windows L F D S = (L + -1 * (D * (F + -1) + 1)) / S + 1.
Proof.
  intros L F D S HF HD HS H. rewrite Windows_formula by auto.
  pose proof (div_le_iff (L + -1 * (D * (F + -1) + 1)) S 0 HS). lia.
Qed.

Lemma rule_window_fits : forall L F D S, 1 <= F -> 1 <= D -> 1 <= S ->
  (1 <= Windows L F D S <-> D * (F + -1) + 1 <= L).
Proof.
  intros L F D S HF HD HS. rewrite Windows_formula by auto.
  pose proof (div_le_iff (L + -1 * (D * (F + -1) + 1)) S 0 HS). lia.
Qed.

(** The fibre of a convolution: the lengths with exactly n windows. *)
Lemma rule_window_value : forall L F D S n, 1 <= F -> 1 <= D -> 1 <= S -> 1 <= n ->
  (Windows L F D S = n <-> (n + -1) * S + (D * (F + -1) + 1) <= L /\ L < n * S + (D * (F + -1) + 1)).
Proof.
  intros L F D S n HF HD HS Hn. rewrite Windows_formula by auto.
  pose proof (div_char (L + -1 * (D * (F + -1) + 1)) S (n + -1) HS). lia.
Qed.

(** n is -W, with a numeral in W worked out. *)
Lemma rule_same_windows : forall W F D S n, n = -1 * W -> 1 <= F -> 1 <= D -> 1 <= S -> 1 <= W ->
  Windows (W + Z.max ((cdiv W S + -1) * S + (D * (F + -1) + 1) + n) 0) F D S = cdiv W S.
Proof.
  intros W F D S n -> HF HD HS HW.
  pose proof (proj1 (cdiv_char W S _ HS) eq_refl) as H. apply rule_window_value; auto; nia.
Qed.

(** SAME padding is the least one with at least that many windows. *)
Theorem same_padding_least : forall W F D S p, 1 <= F -> 1 <= D -> 1 <= S -> 1 <= W -> 0 <= p ->
  cdiv W S <= Windows (W + p) F D S -> same_padding W F D S <= p.
Proof.
  intros W F D S p HF HD HS HW Hp. rewrite Windows_formula by auto. unfold same_padding.
  pose proof (proj1 (cdiv_char W S _ HS) eq_refl).
  pose proof (div_le_iff (W + p + -1 * (D * (F + -1) + 1)) S (cdiv W S + -1) HS). nia.
Qed.

(** The product as it is written: d1 * d2 * …, 1 for no sizes. *)
Definition product (shape : list Z) : Z := match shape with [] => 1 | d :: rest => fold_left Z.mul rest d end.

Lemma fold_mul : forall l a b, fold_left Z.mul l (a * b) = a * fold_left Z.mul l b.
Proof. induction l; intros; cbn; [reflexivity|]. rewrite <- Z.mul_assoc. apply IHl. Qed.

Lemma sizes_cons : forall d rest, 0 <= d -> Forall (fun d => 0 <= d) rest -> Forall (fun d => 0 <= d) (d :: rest).
Proof. intros. now constructor. Qed.

Lemma rule_entry_count : forall shape, Forall (fun d => 0 <= d) shape -> Entries shape = product shape.
Proof.
  assert (G : forall shape, Forall (fun d => 0 <= d) shape -> Entries shape = fold_left Z.mul shape 1).
  { induction 1 as [|d rest Hd _ IH]; [reflexivity|]. unfold Entries in *. cbn [indices fold_left].
    rewrite map_length, prod_length, Nat2Z.inj_mul, IH, below_length, Z.max_r, (Z.mul_comm 1) by auto.
    symmetry. apply fold_mul. }
  intros [|d rest] H; rewrite G by auto; [reflexivity|]. cbn [fold_left product]. now rewrite Z.mul_1_l.
Qed.

(* ------------------------------------------------------------------ *)
(** * Rules of logic: the native steps of Coq, by name *)

Lemma rule_assume : forall p : Prop, p -> p.
Proof. auto. Qed.
Lemma rule_cut : forall p q : Prop, p -> (p -> q) -> q.
Proof. auto. Qed.
Lemma rule_discharge : forall p q : Prop, p -> (p -> q) -> q.
Proof. auto. Qed.
Lemma rule_both : forall p q : Prop, p -> q -> p /\ q.
Proof. auto. Qed.
Lemma rule_part : forall p q : Prop, p /\ q -> p.
Proof. tauto. Qed.
Lemma rule_part_rest : forall p q : Prop, p /\ q -> q.
Proof. tauto. Qed.
Lemma rule_flip : forall a b : Z, a = b -> b = a.
Proof. auto. Qed.
Lemma rule_flip_iff : forall p q : Prop, (p <-> q) -> (q <-> p).
Proof. tauto. Qed.
Lemma rule_equivalence : forall p q : Prop, (p -> q) -> (q -> p) -> (p <-> q).
Proof. tauto. Qed.
Lemma rule_iff_chain : forall p q r : Prop, (p <-> q) -> (q <-> r) -> (p <-> r).
Proof. tauto. Qed.
Lemma rule_modus_ponens : forall p q : Prop, (p <-> q) -> p -> q.
Proof. tauto. Qed.
(** A lemma is applied to terms that keep what its symbols promise: p x := l <= x -> …. *)
Lemma rule_instantiate : forall (p : Z -> Prop) (t : Z), (forall x, p x) -> p t.
Proof. auto. Qed.

(* ------------------------------------------------------------------ *)
(** * Equations *)

Lemma rule_chain : forall a b c : Z, a = b -> b = c -> a = c.
Proof. intros; congruence. Qed.
Lemma rule_replace : forall (p : Z -> Prop) (a b : Z), a = b -> p b -> p a.
Proof. intros; subst; auto. Qed.
Lemma rule_add_equations : forall a b c d : Z, a = b -> c = d -> a + c = b + d.
Proof. intros; congruence. Qed.

Lemma rule_min_first : forall a b, a <= b -> Z.min a b = a.
Proof. intros. now apply Z.min_l. Qed.
Lemma rule_max_bound : forall (a b c : Z) (p : Prop), (b <= c <-> p) -> (Z.max a b <= c <-> a <= c /\ p).
Proof. intros a b c p <-. apply Z.max_lub_iff. Qed.
Lemma rule_min_bound : forall (a b c : Z) (p : Prop), (c <= b <-> p) -> (c <= Z.min a b <-> c <= a /\ p).
Proof. intros a b c p <-. apply Z.min_glb_iff. Qed.

(* ------------------------------------------------------------------ *)
(** * Rules that solve *)

Lemma rule_floor_common : forall y e g m, 1 <= g -> 1 <= m -> (g * y + e) / (g * m) = (y + e / g) / m.
Proof.
  intros. rewrite <- Z.div_div by lia. f_equal. replace (g * y + e) with (e + y * g) by ring.
  rewrite Z.div_add by lia. apply Z.add_comm.
Qed.
Lemma rule_divide : forall q m x, 1 <= m -> (q * m <= x <-> q <= x / m).
Proof. intros. rewrite div_le_iff by auto. lia. Qed.
Lemma rule_divide_strict : forall x q m, 1 <= m -> (x < q * m <-> x / m < q).
Proof. intros. rewrite div_lt_iff by auto. lia. Qed.
Lemma rule_equal_both_ways : forall a b : Z, a = b <-> a <= b /\ b <= a.
Proof. intros; lia. Qed.
Lemma rule_either : forall (p : Prop) (a b : Z), p <-> (a <= b /\ p) \/ (b < a /\ p).
Proof. intros p a b. destruct (Z_le_gt_dec a b); intuition lia. Qed.
Lemma rule_rewrite_iff : forall (p : Z -> Prop) (a b : Z), a = b -> (p a <-> p b).
Proof. intros; subst; tauto. Qed.
Lemma rule_conjuncts : forall p q p' q' : Prop, (p <-> q) -> (p -> (p' <-> q')) -> (p /\ p' <-> q /\ q').
Proof. tauto. Qed.
Lemma rule_disjuncts : forall p q p' q' : Prop, (p <-> q) -> (p' <-> q') -> (p \/ p' <-> q \/ q').
Proof. tauto. Qed.
(** Both directions take a conjunction apart and put it together again. *)
Lemma rule_regroup : forall p q : Prop, (p -> q) -> (q -> p) -> (p <-> q).
Proof. tauto. Qed.
