(** Some of the rules about real numbers and some of the facts, proven again by Coq's Reals. What is called a Theorem states
    a fact word for word as symnet does: symnet compares the statements.
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

Lemma batchnorm_bias_in_general : forall n gamma beta epsilon x b i, (0 < n)%nat ->
  normalized n gamma beta epsilon (fun j => x j + b) i = normalized n gamma beta epsilon x i.
Proof.
  intros n gamma beta epsilon x b i Hn. unfold normalized.
  assert (V : variance n (fun j => x j + b) = variance n x).
  { unfold variance. apply mean_of_equal. intro j. rewrite mean_shift by exact Hn. ring. }
  rewrite V, mean_shift by exact Hn.
  replace (x i + b - (mean n x + b)) with (x i - mean n x) by ring. reflexivity.
Qed.

Lemma batchnorm_folding_in_general : forall n w x c m v gamma beta epsilon,
  gamma * (total n (fun j => w j * x j) + c - m) / sqrt (v + epsilon) + beta =
  total n (fun j => gamma * w j / sqrt (v + epsilon) * x j) + (gamma * (c - m) / sqrt (v + epsilon) + beta).
Proof.
  intros. rewrite (under_fold n (fun j => gamma * w j / _ * x j) (fun j => (gamma / sqrt (v + epsilon)) * (w j * x j))).
  - rewrite total_scale. unfold Rdiv. ring.
  - intro j. unfold Rdiv. ring.
Qed.

Lemma moving_average_in_general : forall mu m b, (forall k, m (S k) = mu * m k + (1 - mu) * b (S k)) ->
  forall n, m n = mu ^ n * m O + (1 - mu) * total n (fun j => mu ^ j * b (n - j)%nat).
Proof.
  intros mu m b H n. induction n as [| n IH]; [simpl; ring |].
  rewrite H, IH, split_first, (under_fold n (fun j => mu ^ S j * _) (fun j => mu * (mu ^ j * b (n - j)%nat))).
  - rewrite total_scale. simpl. ring.
  - intro j. simpl. ring.
Qed.

Lemma moving_average_constant_in_general : forall mu m c, (forall k, m (S k) = mu * m k + (1 - mu) * c) ->
  forall n, m n = mu ^ n * m O + (1 - mu ^ n) * c.
Proof. intros mu m c H n. induction n as [| n IH]; [simpl; ring | rewrite H, IH; simpl; ring]. Qed.

(** * Weight decay *)

Lemma weight_decay_sgd_in_general : forall w g eta lambda, w - eta * (g + 2 * lambda * w) = (1 - 2 * eta * lambda) * w - eta * g.
Proof. intros. ring. Qed.

Lemma weight_decay_momentum_in_general : forall w g0 g1 eta lambda mu,
  let w1 := w - eta * (g0 + 2 * lambda * w) in
  let u1 := w - eta * g0 - 2 * eta * lambda * w in
  w1 - eta * (mu * (g0 + 2 * lambda * w) + (g1 + 2 * lambda * w1)) - (u1 - eta * (mu * g0 + g1) - 2 * eta * lambda * u1)
  = - (2 * eta * lambda * mu * w).
Proof. intros. unfold w1, u1. ring. Qed.

(** * Losses *)

Lemma softmax_shift_in_general : forall n z c k, (0 < n)%nat ->
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

Lemma sigmoid_is_softmax_in_general : forall a b, exp a / (exp a + exp b) = 1 / (1 + exp (- (a - b))).
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

(** At y = 0 the left side is 0, whatever ln 0 is. *)
Lemma gibbs_from_zero : forall p y, 0 < p -> 0 <= y -> y * (ln p - ln y) <= p - y.
Proof.
  intros p y Hp [Hy | <-]; [apply gibbs; assumption |]. rewrite Rmult_0_l. lra.
Qed.

Lemma binary_crossentropy_minimum_in_general : forall p y, 0 < p < 1 -> 0 <= y <= 1 ->
  - (y * ln y + (1 - y) * ln (1 - y)) <= - (y * ln p + (1 - y) * ln (1 - p)).
Proof.
  intros p y Hp Hy. pose proof (gibbs_from_zero p y). pose proof (gibbs_from_zero (1 - p) (1 - y)). lra.
Qed.

Lemma categorical_crossentropy_minimum_in_general : forall n p y, (forall k, 0 < p k) -> (forall k, 0 <= y k) ->
  total n p = 1 -> total n y = 1 -> - total n (fun k => y k * ln (y k)) <= - total n (fun k => y k * ln (p k)).
Proof.
  intros n p y Hp Hy Sp Sy.
  pose proof (total_order n (fun k => y k * ln (p k) + (-1) * (y k * ln (y k))) (fun k => p k + (-1) * y k)) as T.
  rewrite !total_plus, !total_scale, Sp, Sy in T.
  enough (total n (fun k => y k * ln (p k)) + -1 * total n (fun k => y k * ln (y k)) <= 1 + -1 * 1) by lra.
  apply T. intro k. pose proof (gibbs_from_zero (p k) (y k) (Hp k) (Hy k)). lra.
Qed.

(** * Dropout *)

Lemma dropout_expectation_in_general : forall p x, 0 < 1 - p -> (1 - p) * (x / (1 - p)) + p * 0 = x.
Proof. intros p x H. field. lra. Qed.

Lemma dropout_variance_in_general : forall p x, 0 < 1 - p -> (1 - p) * (x / (1 - p)) ^ 2 + p * 0 - x ^ 2 = p / (1 - p) * x ^ 2.
Proof. intros p x H. field. lra. Qed.

(** * The facts, as symnet states them *)

Lemma gibbs_strict : forall p y, 0 < p -> 0 < y -> p - y <> 0 -> y * (ln p - ln y) < p - y.
Proof.
  intros p y Hp Hy Hne. rewrite <- log_quotient by assumption.
  assert (H : 0 < p / y) by (apply Rdiv_lt_0_compat; assumption).
  assert (N : p / y - 1 <> 0) by (intro E; apply Hne; replace (p - y) with (y * (p / y - 1)) by (field; lra); rewrite E; ring).
  pose proof (log_bound_strict (p / y) H N) as B. apply (Rmult_lt_compat_l y) in B; [| lra].
  replace (y * (p / y - 1)) with (p - y) in B by (field; lra). exact B.
Qed.

Theorem batchnorm_bias_2 :
  forall (b beta epsilon gamma : R) (x : nat -> R) (N i : nat), (1 <= N)%nat -> ((gamma * ((x i) + b + ((-1) *
  ((total N (fun j => (x j) + b)) / (INR N))))) / (sqrt (((total N (fun j => ((x j) + b + ((-1) * ((total N (fun j
  => (x j) + b)) / (INR N)))) ^ 2)) / (INR N)) + epsilon))) + beta = ((gamma * ((x i) + ((-1) * ((total N (fun j =>
  x j)) / (INR N))))) / (sqrt (((total N (fun j => ((x j) + ((-1) * ((total N (fun j => x j)) / (INR N)))) ^ 2)) /
  (INR N)) + epsilon))) + beta.
Proof.
  intros b beta epsilon gamma x N i H. pose proof (batchnorm_bias_in_general N gamma beta epsilon x b i H) as E.
  unfold normalized, variance, mean in E. cbv beta in E. change (total N x) with (total N (fun j => x j)) in E.
  assert (L : forall u v s t e, s = t -> gamma * (u + -1 * v) / sqrt (s / INR N + e) + beta
    = gamma * (u - v) / sqrt (t / INR N + e) + beta).
  { intros u v s t e Est. rewrite Est. unfold Rminus. do 4 f_equal. ring. }
  etransitivity; [apply L | etransitivity; [exact E | symmetry; apply L]]; apply under_fold; intro; ring.
Qed.

Theorem batchnorm_folding :
  forall (beta c epsilon gamma m v : R) (w : nat -> R) (x : nat -> R) (n : nat), (1 <= n)%nat -> ((gamma * ((total n
  (fun j => (w j) * (x j))) + c + ((-1) * m))) / (sqrt (v + epsilon))) + beta = (total n (fun j => ((gamma * (w j))
  / (sqrt (v + epsilon))) * (x j))) + (((gamma * (c + ((-1) * m))) / (sqrt (v + epsilon))) + beta).
Proof. intros.
  rewrite (under_fold n (fun j => (gamma * w j) / sqrt (v + epsilon) * x j) (fun j => (gamma / sqrt (v + epsilon)) * (w j * x j))).
  - rewrite total_scale. unfold Rdiv. ring.
  - intro j. unfold Rdiv. ring. Qed.

Theorem moving_average_1 :
  forall (mu : R) (b : nat -> R) (m : nat -> R) (n : nat), (forall k : nat, m (k + 1)%nat = (mu * (m k)) + ((1 +
  ((-1) * mu)) * (b (k + 1)%nat))) -> m n = ((mu ^ n) * (m 0%nat)) + ((1 + ((-1) * mu)) * (total n (fun j => (mu ^
  j) * (b (n - j)%nat)))).
Proof. intros mu b m n H.
  assert (E : forall k, m (S k) = mu * m k + (1 - mu) * b (S k)).
  { intro k. replace (S k) with (k + 1)%nat by lia. rewrite H. ring. }
  rewrite (moving_average_in_general mu m b E n). ring. Qed.

Theorem moving_average_constant :
  forall (c mu : R) (m : nat -> R) (n : nat), (forall k : nat, m (k + 1)%nat = (mu * (m k)) + ((1 + ((-1) * mu)) *
  c)) -> m n = ((mu ^ n) * (m 0%nat)) + ((1 + ((-1) * (mu ^ n))) * c).
Proof. intros c mu m n H.
  assert (E : forall k, m (S k) = mu * m k + (1 - mu) * c).
  { intro k. replace (S k) with (k + 1)%nat by lia. rewrite H. ring. }
  rewrite (moving_average_constant_in_general mu m c E n). ring. Qed.

Theorem weight_decay_sgd_1 :
  forall (eta g lambda w : R), w + ((-1) * (eta * (g + (2 * lambda * w)))) = ((1 + ((-1) * (2 * eta * lambda))) * w)
  + ((-1) * (eta * g)).
Proof. intros. ring. Qed.

Theorem weight_decay_sgd_2 :
  forall (d eta g lambda w : R), w + ((-1) * (eta * (g + (2 * lambda * w)))) + ((-1) * (((1 + ((-1) * (eta * d))) *
  w) + ((-1) * (eta * g)))) = eta * w * (d + ((-1) * (2 * lambda))).
Proof. intros. ring. Qed.

Theorem weight_decay_momentum_1 :
  forall (eta g_0 lambda w : R), w + ((-1) * (eta * (g_0 + (2 * lambda * w)))) = w + ((-1) * (eta * g_0)) + ((-1) *
  (2 * eta * lambda * w)).
Proof. intros. ring. Qed.

Theorem weight_decay_momentum_2 :
  forall (eta g_0 g_1 lambda mu w : R), (w + ((-1) * (eta * (g_0 + (2 * lambda * w))))) + ((-1) * (eta * ((mu * (g_0
  + (2 * lambda * w))) + (g_1 + (2 * lambda * (w + ((-1) * (eta * (g_0 + (2 * lambda * w)))))))))) + ((-1) * ((w +
  ((-1) * (eta * g_0)) + ((-1) * (2 * eta * lambda * w))) + ((-1) * (eta * ((mu * g_0) + g_1))) + ((-1) * (2 * eta *
  lambda * (w + ((-1) * (eta * g_0)) + ((-1) * (2 * eta * lambda * w))))))) = (-1) * (2 * eta * lambda * mu * w).
Proof. intros. ring. Qed.

Theorem weight_decay_momentum_3 :
  (1 + ((-1) * ((1 / 10) * (0 + (2 * (1 / 20) * 1))))) + ((-1) * ((1 / 10) * (((9 / 10) * (0 + (2 * (1 / 20) * 1)))
  + (0 + (2 * (1 / 20) * (1 + ((-1) * ((1 / 10) * (0 + (2 * (1 / 20) * 1)))))))))) = 9711 / 10000.
Proof. lra. Qed.

Theorem weight_decay_momentum_4 :
  (1 + ((-1) * ((1 / 10) * 0)) + ((-1) * (2 * (1 / 10) * (1 / 20) * 1))) + ((-1) * ((1 / 10) * (((9 / 10) * 0) +
  0))) + ((-1) * (2 * (1 / 10) * (1 / 20) * (1 + ((-1) * ((1 / 10) * 0)) + ((-1) * (2 * (1 / 10) * (1 / 20) * 1)))))
  = 9801 / 10000.
Proof. lra. Qed.

Theorem weight_decay_momentum_5 :
  0 < (1 + ((-1) * ((1 / 10) * 0)) + ((-1) * (2 * (1 / 10) * (1 / 20) * 1))) + ((-1) * ((1 / 10) * (((9 / 10) * 0) +
  0))) + ((-1) * (2 * (1 / 10) * (1 / 20) * (1 + ((-1) * ((1 / 10) * 0)) + ((-1) * (2 * (1 / 10) * (1 / 20) * 1)))))
  + ((-1) * ((1 + ((-1) * ((1 / 10) * (0 + (2 * (1 / 20) * 1))))) + ((-1) * ((1 / 10) * (((9 / 10) * (0 + (2 * (1 /
  20) * 1))) + (0 + (2 * (1 / 20) * (1 + ((-1) * ((1 / 10) * (0 + (2 * (1 / 20) * 1)))))))))))).
Proof. lra. Qed.

Theorem weight_decay_adam_1 :
  forall (beta_1 g : R), 1 + ((-1) * (beta_1 ^ 1)) <> 0 -> ((1 + ((-1) * beta_1)) * g) / (1 + ((-1) * (beta_1 ^ 1)))
  = g.
Proof. intros beta_1 g H. field. intro X. apply H. simpl. lra. Qed.

Theorem weight_decay_adam_2 :
  forall (beta_2 g : R), 1 + ((-1) * (beta_2 ^ 1)) <> 0 -> ((1 + ((-1) * beta_2)) * (g ^ 2)) / (1 + ((-1) * (beta_2
  ^ 1))) = g ^ 2.
Proof. intros beta_2 g H. field. intro X. apply H. simpl. lra. Qed.

Theorem weight_decay_adam_3 :
  1 + (2 * (1 / 4) * 1) = 3 / 2.
Proof. lra. Qed.

Theorem weight_decay_adam_4 :
  1 + ((-1) * (((1 / 10) * (3 / 2)) / ((sqrt ((3 / 2) ^ 2)) + (1 / 1000)))) = 1351 / 1501.
Proof. rewrite !root_of_square by lra. lra. Qed.

Theorem weight_decay_adam_5 :
  1 + ((-1) * (((1 / 10) * 1) / ((sqrt (1 ^ 2)) + (1 / 1000)))) + ((-1) * (2 * (1 / 10) * (1 / 4) * 1)) = 17019 /
  20020.
Proof. rewrite !root_of_square by lra. lra. Qed.

Theorem weight_decay_adam_6 :
  0 < (1 + ((-1) * (((1 / 10) * (3 / 2)) / ((sqrt ((3 / 2) ^ 2)) + (1 / 1000))))) + ((-1) * (1 + ((-1) * (((1 / 10)
  * 1) / ((sqrt (1 ^ 2)) + (1 / 1000)))) + ((-1) * (2 * (1 / 10) * (1 / 4) * 1)))).
Proof. rewrite !root_of_square by lra. lra. Qed.

Theorem softmax_shift :
  forall (c : R) (z : nat -> R) (N k : nat), (1 <= N)%nat -> (exp ((z k) + c)) / (total N (fun j => exp ((z j) +
  c))) = (exp (z k)) / (total N (fun j => exp (z j))).
Proof. intros. apply softmax_shift_in_general. assumption. Qed.

Theorem sigmoid_is_softmax :
  forall (a b : R), (exp a) / ((exp a) + (exp b)) = 1 / (1 + (exp ((-1) * (a + ((-1) * b))))).
Proof. intros. rewrite sigmoid_is_softmax_in_general. do 3 f_equal. ring. Qed.

Theorem binary_is_categorical :
  forall (p : nat -> R) (y : nat -> R), p 0%nat = 1 + ((-1) * (p 1%nat)) -> y 0%nat = 1 + ((-1) * (y 1%nat)) -> (-1)
  * (total 2%nat (fun k => (y k) * (ln (p k)))) = (-1) * (((y 1%nat) * (ln (p 1%nat))) + ((1 + ((-1) * (y 1%nat))) *
  (ln (1 + ((-1) * (p 1%nat)))))).
Proof. intros p y Hp Hy. cbn [total]. rewrite Hp, Hy. ring. Qed.

Theorem binary_crossentropy_minimum_1 :
  forall (p y : R), 0 < 1 + ((-1) * p) -> 0 < p -> 0 <= 1 + ((-1) * y) -> 0 <= y -> (-1) * ((y * (ln y)) + ((1 +
  ((-1) * y)) * (ln (1 + ((-1) * y))))) <= (-1) * ((y * (ln p)) + ((1 + ((-1) * y)) * (ln (1 + ((-1) * p))))).
Proof. intros p y Hp1 Hp Hy1 Hy. replace (1 + -1 * p) with (1 - p) by ring. replace (1 + -1 * y) with (1 - y) by ring.
  pose proof (binary_crossentropy_minimum_in_general p y ltac:(lra) ltac:(lra)). lra. Qed.

Theorem binary_crossentropy_minimum_2 :
  forall (p y : R), 0 < 1 + ((-1) * p) -> 0 < p -> 0 <= 1 + ((-1) * y) -> 0 <= y -> p + ((-1) * y) <> 0 -> (-1) * ((y *
  (ln y)) + ((1 + ((-1) * y)) * (ln (1 + ((-1) * y))))) < (-1) * ((y * (ln p)) + ((1 + ((-1) * y)) * (ln (1 + ((-1) *
  p))))).
Proof. intros p y Hp1 Hp Hy1 Hy Hne. replace (1 + -1 * p) with (1 - p) in * by ring. replace (1 + -1 * y) with (1 - y) in * by ring.
  destruct Hy as [Hy | <-]; [destruct Hy1 as [Hy1 | Hy1] |].
  - pose proof (gibbs_strict p y Hp Hy ltac:(lra)). pose proof (gibbs (1 - p) (1 - y) ltac:(lra) ltac:(lra)). lra.
  - replace y with 1 by lra. replace (1 - 1) with 0 by ring. rewrite ln_1. pose proof (log_bound p Hp). lra.
  - replace (1 - 0) with 1 by ring. rewrite ln_1. pose proof (log_bound (1 - p) Hp1). lra. Qed.

Theorem binary_crossentropy_minimum_3 :
  forall (p : R), 0 < p -> p < 1 -> 0 < (-1) * (ln p).
Proof. intros p Hp H. pose proof (log_bound p Hp). lra. Qed.

Theorem categorical_crossentropy_minimum :
  forall (p : nat -> R) (y : nat -> R) (N : nat), (1 <= N)%nat -> (forall k : nat, 0 < p k) -> (forall k : nat, 0 <=
  y k) -> total N (fun k => p k) = 1 -> total N (fun k => y k) = 1 -> (-1) * (total N (fun k => (y k) * (ln (y k))))
  <= (-1) * (total N (fun k => (y k) * (ln (p k)))).
Proof. intros p y N _ Hp Hy Sp Sy.
  pose proof (categorical_crossentropy_minimum_in_general N p y Hp Hy Sp Sy). lra. Qed.

Theorem dropout_expectation_1 :
  forall (p x : R), 0 < 1 + ((-1) * p) -> ((1 + ((-1) * p)) * (x / (1 + ((-1) * p)))) + (p * 0) = x.
Proof. intros. field. lra. Qed.

Theorem dropout_expectation_2 :
  forall (b p : R) (w : nat -> R) (x : nat -> R) (n : nat), (1 <= n)%nat -> 0 < 1 + ((-1) * p) -> (total n (fun j =>
  (w j) * (((1 + ((-1) * p)) * ((x j) / (1 + ((-1) * p)))) + (p * 0)))) + b = (total n (fun j => (w j) * (x j))) + b.
Proof. intros b p w x n Hn Hp. f_equal. apply under_fold. intro j. field. lra. Qed.

Theorem dropout_expectation_3 :
  forall (p x : R), 0 < 1 + ((-1) * p) -> ((1 + ((-1) * p)) * ((x / (1 + ((-1) * p))) ^ 2)) + (p * 0) + ((-1) * (x ^
  2)) = (p / (1 + ((-1) * p))) * (x ^ 2).
Proof. intros. field. lra. Qed.

Theorem moving_average_2 :
  forall (mu_B : R) (x : nat -> R) (N : nat), (1 <= N)%nat -> (total N (fun j => ((x j) + ((-1) * mu_B)) ^ 2)) /
  ((INR N) + (-1)) = ((INR N) / ((INR N) + (-1))) * ((total N (fun j => ((x j) + ((-1) * mu_B)) ^ 2)) / (INR N)).
Proof. intros mu_B x N H. unfold Rdiv. set (D := / (INR N + -1)). field. apply not_0_INR. lia. Qed.

Theorem weight_decay_adam_7 :
  forall (d : R), (2 + ((-1) * (((1 / 10) * 1) / ((sqrt (1 ^ 2)) + (1 / 1000)))) + ((-1) * (2 + ((-1) * ((1 / 10) *
  d * 2))))) + ((-1) * (2 * (1 + ((-1) * (((1 / 10) * (1 / 2)) / ((sqrt ((1 / 2) ^ 2)) + (1 / 1000)))) + ((-1) * (1
  + ((-1) * ((1 / 10) * d * 1))))))) = 50000 / 501501.
Proof. intros d. rewrite !root_of_square by lra. field. Qed.

Theorem weight_decay_adam_8 :
  forall (d : R), (2 + ((-1) * (((1 / 10) * 1) / ((sqrt (1 ^ 2)) + (1 / 1000)))) + ((-1) * (2 + ((-1) * ((1 / 10) *
  d * 2))))) + ((-1) * (2 * (1 + ((-1) * (((1 / 10) * (1 / 2)) / ((sqrt ((1 / 2) ^ 2)) + (1 / 1000)))) + ((-1) * (1
  + ((-1) * ((1 / 10) * d * 1))))))) <> 0.
Proof. intros d. rewrite !root_of_square by lra. intro E. field_simplify in E. lra. Qed.
