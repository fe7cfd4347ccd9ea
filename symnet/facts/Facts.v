(** Some of the rules about real numbers and some of the facts, proven again by Coq's Reals.
    Not here: the rules of differentiation and the facts that rest on them; minima and maxima over an index. *)

Require Import Reals Lra Lia.
Open Scope R_scope.

(** * Rules *)

Lemma exp_sum : forall a b, exp (a + b) = exp a * exp b.
Proof. exact exp_plus. Qed.

Lemma exp_zero : exp 0 = 1.
Proof. exact exp_0. Qed.

Lemma log_exp : forall a, ln (exp a) = a.
Proof. exact ln_exp. Qed.

Lemma exp_log : forall a, 0 < a -> exp (ln a) = a.
Proof. exact exp_ln. Qed.

Lemma log_quotient : forall a b, 0 < a -> 0 < b -> ln (a / b) = ln a - ln b.
Proof.
  intros a b Ha Hb. unfold Rdiv. rewrite ln_mult; [rewrite ln_Rinv; [ring | exact Hb] | exact Ha |].
  apply Rinv_0_lt_compat; exact Hb.
Qed.

Lemma log_bound : forall a, 0 < a -> ln a <= a - 1.
Proof.
  intros a Ha. pose proof (exp_ineq1_le (ln a)) as H. rewrite exp_ln in H by exact Ha. lra.
Qed.

Lemma log_bound_strict : forall a, 0 < a -> a - 1 <> 0 -> ln a < a - 1.
Proof.
  intros a Ha Hne.
  assert (Hl : ln a <> 0).
  { intro H. apply Hne. assert (E : exp (ln a) = exp 0) by (rewrite H; reflexivity).
    rewrite exp_ln, exp_0 in E by exact Ha. lra. }
  pose proof (exp_ineq1 (ln a) Hl) as H. rewrite exp_ln in H by exact Ha. lra.
Qed.

Lemma root_of_square : forall a, 0 <= a -> sqrt (a ^ 2) = a.
Proof. intros a Ha. replace (a ^ 2) with (a * a) by ring. apply sqrt_square; exact Ha. Qed.

Lemma nonzero_quotient : forall a b, a <> 0 -> b <> 0 -> a / b <> 0.
Proof. intros a b Ha Hb. unfold Rdiv. apply Rmult_integral_contrapositive_currified; auto using Rinv_neq_0_compat. Qed.

(** Sums over j < n. *)
Fixpoint total (n : nat) (f : nat -> R) : R := match n with O => 0 | S m => total m f + f m end.

Lemma under_fold : forall n f g, (forall j, f j = g j) -> total n f = total n g.
Proof. intros n f g H. induction n as [| n IH]; simpl; [reflexivity | rewrite IH, H; reflexivity]. Qed.

Lemma total_order : forall n f g, (forall j, f j <= g j) -> total n f <= total n g.
Proof. intros n f g H. induction n as [| n IH]; simpl; [lra | pose proof (H n); lra]. Qed.

Lemma total_plus : forall n f g, total n (fun j => f j + g j) = total n f + total n g.
Proof. intros. induction n as [| n IH]; simpl; [ring | rewrite IH; ring]. Qed.

Lemma total_scale : forall n c f, total n (fun j => c * f j) = c * total n f.
Proof. intros. induction n as [| n IH]; simpl; [ring | rewrite IH; ring]. Qed.

Lemma total_constant : forall n c, total n (fun _ => c) = INR n * c.
Proof. intros. induction n as [| n IH]; [simpl; ring | rewrite S_INR; simpl; rewrite IH; ring]. Qed.

Lemma split_first : forall n f, total (S n) f = f O + total n (fun j => f (S j)).
Proof.
  intros n f. induction n as [| n IH]; [simpl; ring |].
  change (total (S (S n)) f) with (total (S n) f + f (S n)). rewrite IH. simpl. ring.
Qed.

Lemma delta_sum : forall n k f, (k < n)%nat -> total n (fun j => f j * (if Nat.eqb j k then 1 else 0)) = f k.
Proof.
  intros n k f H. induction n as [| n IH]; [lia |]. simpl.
  destruct (Nat.eqb_spec n k) as [-> | Hne].
  - assert (Z : forall m, (m <= k)%nat -> total m (fun j => f j * (if Nat.eqb j k then 1 else 0)) = 0).
    { induction m as [| m IHm]; intros Hm; simpl; [reflexivity |].
      rewrite IHm by lia. destruct (Nat.eqb_spec m k); [lia | ring]. }
    rewrite Z by lia. ring.
  - rewrite IH by lia. ring.
Qed.

Lemma regroup : forall m n f, total (m * n) f = total m (fun i => total n (fun j => f (i * n + j)%nat)).
Proof.
  assert (A : forall a b f, total (a + b) f = total a f + total b (fun j => f (a + j)%nat)).
  { intros a b f. induction b as [| b IH]; [rewrite Nat.add_0_r; simpl; ring |].
    rewrite Nat.add_succ_r. simpl. rewrite IH. ring. }
  intros m n f. induction m as [| m IH]; [reflexivity |].
  simpl. rewrite Nat.add_comm, A, IH. reflexivity.
Qed.

(** * Batch normalization *)

Definition mean (n : nat) (x : nat -> R) : R := total n x / INR n.

Lemma mean_shift : forall n x b, (0 < n)%nat -> mean n (fun j => x j + b) = mean n x + b.
Proof.
  intros n x b Hn. unfold mean. rewrite total_plus, total_constant. field. apply not_0_INR. lia.
Qed.

Lemma mean_of_equal : forall n f g, (forall j, f j = g j) -> mean n f = mean n g.
Proof. intros n f g H. unfold mean. rewrite (under_fold n f g H). reflexivity. Qed.

Definition variance (n : nat) (x : nat -> R) : R := mean n (fun j => (x j - mean n x) ^ 2).

Definition normalized (n : nat) (gamma beta epsilon : R) (x : nat -> R) (i : nat) : R :=
  gamma * (x i - mean n x) / sqrt (variance n x + epsilon) + beta.

Theorem batchnorm_bias : forall n gamma beta epsilon x b i, (0 < n)%nat ->
  normalized n gamma beta epsilon (fun j => x j + b) i = normalized n gamma beta epsilon x i.
Proof.
  intros n gamma beta epsilon x b i Hn. unfold normalized.
  assert (V : variance n (fun j => x j + b) = variance n x).
  { unfold variance. apply mean_of_equal. intro j. rewrite mean_shift by exact Hn. ring. }
  rewrite V, mean_shift by exact Hn.
  replace (x i + b - (mean n x + b)) with (x i - mean n x) by ring. reflexivity.
Qed.

Theorem batchnorm_folding : forall n w x c m v gamma beta epsilon,
  gamma * (total n (fun j => w j * x j) + c - m) / sqrt (v + epsilon) + beta =
  total n (fun j => gamma * w j / sqrt (v + epsilon) * x j) + (gamma * (c - m) / sqrt (v + epsilon) + beta).
Proof.
  intros. rewrite (under_fold n (fun j => gamma * w j / _ * x j) (fun j => (gamma / sqrt (v + epsilon)) * (w j * x j))).
  - rewrite total_scale. unfold Rdiv. ring.
  - intro j. unfold Rdiv. ring.
Qed.

Theorem moving_average : forall mu m b, (forall k, m (S k) = mu * m k + (1 - mu) * b (S k)) ->
  forall n, m n = mu ^ n * m O + (1 - mu) * total n (fun j => mu ^ j * b (n - j)%nat).
Proof.
  intros mu m b H n. induction n as [| n IH]; [simpl; ring |].
  rewrite H, IH, split_first, (under_fold n (fun j => mu ^ S j * _) (fun j => mu * (mu ^ j * b (n - j)%nat))).
  - rewrite total_scale. simpl. ring.
  - intro j. simpl. ring.
Qed.

Theorem moving_average_constant : forall mu m c, (forall k, m (S k) = mu * m k + (1 - mu) * c) ->
  forall n, m n = mu ^ n * m O + (1 - mu ^ n) * c.
Proof. intros mu m c H n. induction n as [| n IH]; [simpl; ring | rewrite H, IH; simpl; ring]. Qed.

(** * Weight decay *)

Theorem weight_decay_sgd : forall w g eta lambda, w - eta * (g + 2 * lambda * w) = (1 - 2 * eta * lambda) * w - eta * g.
Proof. intros. ring. Qed.

Theorem weight_decay_momentum : forall w g0 g1 eta lambda mu,
  let w1 := w - eta * (g0 + 2 * lambda * w) in
  let u1 := w - eta * g0 - 2 * eta * lambda * w in
  w1 - eta * (mu * (g0 + 2 * lambda * w) + (g1 + 2 * lambda * w1)) - (u1 - eta * (mu * g0 + g1) - 2 * eta * lambda * u1)
  = - (2 * eta * lambda * mu * w).
Proof. intros. unfold w1, u1. ring. Qed.

(** * Losses *)

Theorem softmax_shift : forall n z c k, (0 < n)%nat ->
  exp (z k + c) / total n (fun j => exp (z j + c)) = exp (z k) / total n (fun j => exp (z j)).
Proof.
  intros n z c k Hn.
  assert (P : 0 < total n (fun j => exp (z j))).
  { destruct n as [| n]; [lia |]. clear Hn. induction n as [| n IH]; simpl in *; [pose proof (exp_pos (z O)); lra |].
    pose proof (exp_pos (z (S n))). lra. }
  rewrite (under_fold n (fun j => exp (z j + c)) (fun j => exp c * exp (z j))).
  - rewrite total_scale, exp_plus. field. split; [lra | pose proof (exp_pos c); lra].
  - intro j. rewrite exp_plus. ring.
Qed.

Theorem sigmoid_is_softmax : forall a b, exp a / (exp a + exp b) = 1 / (1 + exp (- (a - b))).
Proof.
  intros a b. replace (exp b) with (exp a * exp (- (a - b))) by (rewrite <- exp_plus; f_equal; ring).
  pose proof (exp_pos a). pose proof (exp_pos (- (a - b))). field. split; nra.
Qed.

Lemma gibbs : forall p y, 0 < p -> 0 < y -> y * (ln p - ln y) <= p - y.
Proof.
  intros p y Hp Hy. rewrite <- log_quotient by assumption.
  assert (H : 0 < p / y) by (apply Rdiv_lt_0_compat; assumption).
  pose proof (log_bound (p / y) H) as B. apply (Rmult_le_compat_l y) in B; [| lra].
  replace (y * (p / y - 1)) with (p - y) in B by (field; lra). exact B.
Qed.

Theorem binary_crossentropy_minimum : forall p y, 0 < p < 1 -> 0 < y < 1 ->
  - (y * ln y + (1 - y) * ln (1 - y)) <= - (y * ln p + (1 - y) * ln (1 - p)).
Proof.
  intros p y Hp Hy. pose proof (gibbs p y). pose proof (gibbs (1 - p) (1 - y)). lra.
Qed.

Theorem categorical_crossentropy_minimum : forall n p y, (forall k, 0 < p k) -> (forall k, 0 < y k) ->
  total n p = 1 -> total n y = 1 -> - total n (fun k => y k * ln (y k)) <= - total n (fun k => y k * ln (p k)).
Proof.
  intros n p y Hp Hy Sp Sy.
  pose proof (total_order n (fun k => y k * ln (p k) + (-1) * (y k * ln (y k))) (fun k => p k + (-1) * y k)) as T.
  rewrite !total_plus, !total_scale, Sp, Sy in T.
  enough (total n (fun k => y k * ln (p k)) + -1 * total n (fun k => y k * ln (y k)) <= 1 + -1 * 1) by lra.
  apply T. intro k. pose proof (gibbs (p k) (y k) (Hp k) (Hy k)). lra.
Qed.

(** * Dropout *)

Theorem dropout_expectation : forall p x, 0 < 1 - p -> (1 - p) * (x / (1 - p)) + p * 0 = x.
Proof. intros p x H. field. lra. Qed.

Theorem dropout_variance : forall p x, 0 < 1 - p -> (1 - p) * (x / (1 - p)) ^ 2 + p * 0 - x ^ 2 = p / (1 - p) * x ^ 2.
Proof. intros p x H. field. lra. Qed.
