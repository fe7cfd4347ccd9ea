(* Networks.v: whole networks as data, checked by evaluation, and the lemmas for rules that speak of residue classes,
   budgets, transposed convolutions and PyTorch's ceil_mode. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Progressions.
Import ListNotations.
Open Scope Z_scope.

(* ------------------------------------------------------------------ *)
(** * A stack of layers on one axis. Its size is counted, layer by layer. *)

Inductive layer :=
| Explicit (F D S P : Z)      (* P: padding on both sides together *)
| Same (F D S : Z).

(** What an emitted line stands for if its length is wrong: no theorem speaks of such a layer. *)
Definition wrong_layer : list layer := [Explicit 0 0 0 0].

Definition size (l : layer) (W : Z) : Z :=
  match l with
  | Explicit F D T P => Windows (W + P) F D T
  | Same F D T => Windows (W + same_padding W F D T) F D T
  end.
Fixpoint stack_size (ls : list layer) (W : Z) : Z :=
  match ls with [] => W | l :: r => stack_size r (size l W) end.

(** Layer x -> (x + a) / m, and what makes it one. *)
Definition affine (l : layer) : Z * Z :=
  match l with
  | Explicit F D T P => (P + -1 * (D * (F + -1) + 1) + T, T)
  | Same F D T => (T + -1, T)
  end.
Definition well_formed (l : layer) : bool :=
  match l with
  | Explicit F D T P => (1 <=? F) && (1 <=? D) && (1 <=? T) && (0 <=? P) && (P <=? D * (F + -1))
  | Same F D T => (1 <=? F) && (1 <=? D) && (1 <=? T)
  end.
Fixpoint stack_affine (ls : list layer) : Z * Z :=
  match ls with
  | [] => (0, 1)
  | l :: r => let '(a, m) := affine l in let '(b, n) := stack_affine r in (a + b * m, m * n)
  end.

Lemma affine_positive : forall l, well_formed l = true -> 1 <= snd (affine l).
Proof. intros []; cbn; rewrite !andb_true_iff; lia. Qed.
Lemma stack_affine_positive : forall ls, forallb well_formed ls = true -> 1 <= snd (stack_affine ls).
Proof.
  induction ls as [|l r IH]; cbn; [lia|]. rewrite andb_true_iff. intros [Hl Hr].
  pose proof (affine_positive l Hl). specialize (IH Hr). destruct (affine l), (stack_affine r); cbn in *. nia.
Qed.

(** A layer does not make a positive size of one that is not. *)
Lemma affine_not_positive : forall l W, well_formed l = true -> 1 <= (W + fst (affine l)) / snd (affine l) -> 1 <= W.
Proof.
  intros l W Hl H. pose proof (affine_positive l Hl) as Hm. apply div_le_iff in H; auto.
  destruct l; cbn [affine well_formed fst snd] in *; rewrite !andb_true_iff in Hl; lia.
Qed.
Lemma size_affine : forall l W, well_formed l = true -> 1 <= (W + fst (affine l)) / snd (affine l) ->
  size l W = (W + fst (affine l)) / snd (affine l).
Proof.
  intros l W Hl H. pose proof (affine_not_positive l W Hl H).
  destruct l; cbn [affine well_formed size fst snd] in *; rewrite !andb_true_iff in Hl.
  - rewrite Windows_formula by lia. pose proof (rule_floor_shift (W + P + -1 * (D * (F + -1) + 1)) S 1 ltac:(lia)).
    replace (W + P + -1 * (D * (F + -1) + 1) + 1 * S) with (W + (P + -1 * (D * (F + -1) + 1) + S)) in * by ring. lia.
  - unfold same_padding. rewrite rule_same_windows, cdiv_floor by lia. f_equal; ring.
Qed.
Lemma stack_not_positive : forall ls W, forallb well_formed ls = true ->
  1 <= (W + fst (stack_affine ls)) / snd (stack_affine ls) -> 1 <= W.
Proof.
  induction ls as [|l r IH]; intros W H; cbn [stack_affine].
  - cbn [fst snd]. rewrite Z.div_1_r. lia.
  - cbn in H. apply andb_true_iff in H as [Hl Hr].
    pose proof (affine_positive l Hl) as Hm. pose proof (stack_affine_positive r Hr) as Hn.
    specialize (IH ((W + fst (affine l)) / snd (affine l)) Hr). pose proof (affine_not_positive l W Hl) as A.
    destruct (affine l) as [a m], (stack_affine r) as [b n]; cbn [fst snd] in *.
    rewrite <- (rule_floor_nest W _ _ a b m n (b * m) _ _ Hm Hn eq_refl eq_refl eq_refl eq_refl eq_refl). auto.
Qed.
Theorem stack_closed : forall ls W, forallb well_formed ls = true ->
  1 <= (W + fst (stack_affine ls)) / snd (stack_affine ls) ->
  stack_size ls W = (W + fst (stack_affine ls)) / snd (stack_affine ls).
Proof.
  induction ls as [|l r IH]; intros W H; cbn [stack_affine stack_size].
  - cbn [fst snd]. rewrite Z.div_1_r. lia.
  - cbn in H. apply andb_true_iff in H as [Hl Hr].
    pose proof (affine_positive l Hl) as Hm. pose proof (stack_affine_positive r Hr) as Hn.
    pose proof (size_affine l W Hl) as E.
    pose proof (stack_not_positive r ((W + fst (affine l)) / snd (affine l)) Hr) as A.
    specialize (IH (size l W) Hr).
    destruct (affine l) as [a m], (stack_affine r) as [b n]; cbn [fst snd] in *.
    rewrite <- (rule_floor_nest W _ _ a b m n (b * m) _ _ Hm Hn eq_refl eq_refl eq_refl eq_refl eq_refl).
    intro Hp. specialize (A Hp). rewrite E in * by auto. auto.
Qed.

(** What an emitted file applies: everything but W is evaluated. *)
Definition closes (ls : list layer) (low c m : Z) : bool :=
  let '(a, n) := stack_affine ls in
  forallb well_formed ls && (a =? c) && (n =? m) && (m + -1 * c <=? low).
Theorem stack_closed_form : forall ls low c m, closes ls low c m = true ->
  forall W, low <= W -> stack_size ls W = (W + c) / m.
Proof.
  intros ls low c m H W HW. unfold closes in H. pose proof (stack_closed ls W) as T.
  pose proof (stack_affine_positive ls) as Hm. destruct (stack_affine ls) as [a n].
  rewrite !andb_true_iff, !Z.eqb_eq, Z.leb_le in H. destruct H as [[[Hl ->] ->] Hb]. cbn [fst snd] in *.
  apply T; auto. apply div_le_iff; auto. lia.
Qed.

(* ------------------------------------------------------------------ *)
(** * Exactness, residue classes, the Chinese remainder *)

(** Every layer x -> (x + a) / m divides without dropping an input. *)
Fixpoint exact (ls : list (Z * Z)) (x : Z) : Prop :=
  match ls with [] => True | (a, m) :: r => (m | x + a) /\ exact r ((x + a) / m) end.
Fixpoint compose (ls : list (Z * Z)) : Z * Z :=
  match ls with [] => (0, 1) | (a, m) :: r => let '(b, n) := compose r in (a + b * m, m * n) end.
Theorem exact_iff : forall ls, forallb (fun l => 1 <=? snd l) ls = true ->
  forall x, exact ls x <-> (snd (compose ls) | x + fst (compose ls)).
Proof.
  induction ls as [|[a m] r IH]; intros H x; cbn [exact compose].
  - cbn. split; auto. intros _. apply Z.divide_1_l.
  - cbn in H. apply andb_true_iff in H as [Hm Hr]. apply Z.leb_le in Hm. rewrite IH by auto.
    destruct (compose r) as [b n]; cbn [fst snd]. split.
    + intros [[p P] [q Q]]. rewrite P, Z.div_mul in Q by lia. exists q. nia.
    + intros [q Q]. assert (E : x + a = (q * n - b) * m) by nia.
      split; [eexists; exact E|]. rewrite E, Z.div_mul by lia. exists q. ring.
Qed.

Theorem floor_on_class : forall t r a m k, 1 <= m -> (m * k * t + r + a) / m = k * t + (r + a) / m.
Proof. intros. replace (m * k * t + r + a) with (r + a + (k * t) * m) by ring. rewrite Z.div_add by lia. ring. Qed.

Theorem crt_merge : forall x r1 m1 r2 m2 r g u v a b, 1 <= m1 -> 1 <= m2 -> 1 <= g ->
  m1 = g * a -> m2 = g * b -> u * a + v * b = 1 -> Congruent r r1 m1 -> Congruent r r2 m2 ->
  (Congruent x r1 m1 /\ Congruent x r2 m2 <-> Congruent x r (g * a * b)).
Proof.
  intros x r1 m1 r2 m2 r g u v a b H1 H2 Hg E1 E2 B [c1 C1] [c2 C2]. unfold Congruent. split.
  - intros [[d1 D1] [d2 D2]].
    assert (K1 : x + -1 * r = (d1 - c1) * (g * a)) by nia.
    assert (K2 : x + -1 * r = (d2 - c2) * (g * b)) by nia.
    exists ((d2 - c2) * u + (d1 - c1) * v).
    transitivity ((x + -1 * r) * (u * a + v * b)); [rewrite B; ring|].
    rewrite Z.mul_add_distr_l. rewrite K2 at 1. rewrite K1 at 1. ring.
  - intros [q Q]. split; [exists (q * b + c1) | exists (q * a + c2)]; subst; nia.
Qed.
Theorem crt_none : forall x r1 m1 r2 m2 g, ~ (g | r1 + -1 * r2) -> (g | m1) -> (g | m2) ->
  Congruent x r1 m1 -> Congruent x r2 m2 -> False.
Proof.
  intros x r1 m1 r2 m2 g N G1 G2 C1 C2. apply N.
  replace (r1 + -1 * r2) with ((x + -1 * r2) - (x + -1 * r1)) by ring.
  apply Z.divide_sub_r; [exact (Z.divide_trans _ _ _ G2 C2) | exact (Z.divide_trans _ _ _ G1 C1)].
Qed.

(* ------------------------------------------------------------------ *)
(** * Budgets *)

Theorem budget : forall (f : Z -> Z) low B h, (forall x y, low <= x -> x <= y -> f x <= f y) ->
  low <= h -> f h <= B -> B < f (h + 1) -> forall x, low <= x -> (f x <= B <-> x <= h).
Proof.
  intros f low B h M Hl H1 H2 x Hx. split; intro H.
  - destruct (Z_le_gt_dec x h); auto. pose proof (M (h + 1) x ltac:(lia) ltac:(lia)). lia.
  - pose proof (M x h Hx H). lia.
Qed.
Theorem polynomial_budget : forall cs B h, forallb (fun c => 0 <=? c) cs = true ->
  0 <= h -> horner cs h <= B -> B < horner cs (h + 1) -> forall x, 0 <= x -> (horner cs x <= B <-> x <= h).
Proof. intros cs B h H Hh H1 H2. apply budget; auto. intros x y Hx Hy. apply horner_monotone; auto. Qed.

(* ------------------------------------------------------------------ *)
(** * Transposed convolution: the fibre of the size *)

(** The outputs o from which a convolution makes i: output_padding p counts through them. *)
Theorem transposed : forall o i F D S P, 1 <= F -> 1 <= D -> 1 <= S -> 1 <= i ->
  (Windows (o + P) F D S = i <->
   exists p, 0 <= p < S /\ o = (i + -1) * S + (D * (F + -1) + 1) + -1 * P + p).
Proof.
  intros. rewrite rule_window_value by auto. split.
  - intro. exists (o - ((i + -1) * S + (D * (F + -1) + 1) + -1 * P)). lia.
  - intros [p [? ->]]. lia.
Qed.

(* ------------------------------------------------------------------ *)
(** * PyTorch's ceil_mode: windows that start inside the input or its left padding *)

Definition ceil_mode (W before after F S : Z) : Z :=
  let o := cdiv (W + before + after + -1 * F) S + 1 in
  if S * (o + -1) >=? W + before then o + -1 else o.
Theorem ceil_mode_keeps : forall W before after F S k, 1 <= S -> after <= F ->
  (k < ceil_mode W before after F S <-> S * k < W + before /\ S * (k + -1) + F < W + before + after).
Proof.
  intros W before after F S k HS Hp. unfold ceil_mode.
  pose proof (proj1 (cdiv_char (W + before + after + -1 * F) S _ HS) eq_refl) as H.
  set (c := cdiv (W + before + after + -1 * F) S) in *. replace (c + 1 + -1) with c by ring.
  destruct (S * c >=? W + before) eqn:E; rewrite Z.geb_leb in E; [apply Z.leb_le in E | apply Z.leb_gt in E]; nia.
Qed.
Theorem ceil_mode_min : forall W before after F S, 1 <= S -> after <= F ->
  ceil_mode W before after F S = Z.min (cdiv (W + before + after + -1 * F) S + 1) (cdiv (W + before) S).
Proof.
  intros W before after F S HS Hp. unfold ceil_mode.
  pose proof (proj1 (cdiv_char (W + before + after + -1 * F) S _ HS) eq_refl) as H.
  pose proof (proj1 (cdiv_char (W + before) S _ HS) eq_refl) as H'.
  set (c := cdiv (W + before + after + -1 * F) S) in *. set (d := cdiv (W + before) S) in *.
  replace (c + 1 + -1) with c by ring.
  destruct (S * c >=? W + before) eqn:E; rewrite Z.geb_leb in E; [apply Z.leb_le in E | apply Z.leb_gt in E]; nia.
Qed.

(** From here on numbers are worked out only where nothing else decides an equality: emitted proofs are checked by their
    structure. *)
Global Strategy 1000 [Windows Entries cdiv Member Congruent Z.div Z.add Z.mul Z.sub Z.opp Z.modulo Z.pow Z.max Z.min].
