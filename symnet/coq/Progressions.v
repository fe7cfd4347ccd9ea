(* Progressions.v: deciding a proposition for all members M * t + r of a progression, low <= t <= high: the rules tree and whole.

   A term there is a floor of a polynomial in t. Where its sign changes or a division does not come out, the progression
   is split: at a place, into classes, or into its points. How to split is advice; only what is decided is proven. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Reflect Signs Programs.
Import ListNotations.
Open Scope Z_scope.

(* ------------------------------------------------------------------ *)
(** * Polynomials in t by their coefficients, constant first *)

Fixpoint horner (cs : list Z) (x : Z) : Z := match cs with [] => 0 | c :: r => c + x * horner r x end.
Fixpoint coefficients_plus (p q : list Z) : list Z :=
  match p, q with [], _ => q | _, [] => p | a :: p', b :: q' => (a + b) :: coefficients_plus p' q' end.
Definition coefficients_scaled (k : Z) (p : list Z) : list Z := map (Z.mul k) p.
Fixpoint coefficients_times (p q : list Z) : list Z :=
  match p with [] => [] | a :: r => coefficients_plus (coefficients_scaled a q) (0 :: coefficients_times r q) end.
(** The polynomial in u = t - a. *)
Fixpoint shifted (p : list Z) (a : Z) : list Z :=
  match p with [] => [] | c :: r => coefficients_plus [c] (coefficients_times [a; 1] (shifted r a)) end.
Definition flat (p : list Z) : bool := forallb (fun c => c =? 0) (tl p).
Definition multiples (m : Z) (p : list Z) : bool := forallb (fun c => c mod m =? 0) (tl p).

Lemma horner_plus : forall p q x, horner (coefficients_plus p q) x = horner p x + horner q x.
Proof. induction p; destruct q; intro x; cbn [coefficients_plus horner]; try lia. rewrite IHp. ring. Qed.
Lemma horner_scaled : forall k p x, horner (coefficients_scaled k p) x = k * horner p x.
Proof. induction p; intro x; cbn [coefficients_scaled map horner]; [lia|]. unfold coefficients_scaled in IHp. rewrite IHp. ring. Qed.
Lemma horner_times : forall p q x, horner (coefficients_times p q) x = horner p x * horner q x.
Proof.
  induction p; intros q x; cbn [coefficients_times horner]; [lia|].
  rewrite horner_plus, horner_scaled. cbn [horner]. rewrite IHp. ring.
Qed.
Lemma horner_shifted : forall p a u, horner (shifted p a) u = horner p (a + u).
Proof.
  induction p; intros b u; cbn [shifted horner]; [reflexivity|].
  rewrite horner_plus, horner_times, IHp. cbn [horner]. ring.
Qed.
Lemma horner_flat : forall p x, flat p = true -> horner p x = hd 0 p.
Proof.
  intros [|c r] x H; [reflexivity|]. unfold flat in H. cbn [horner hd tl] in *.
  assert (G : horner r x = 0); [|rewrite G; ring]. induction r; [reflexivity|]. cbn in *.
  apply andb_true_iff in H as [H1 H2]. apply Z.eqb_eq in H1. rewrite H1, IHr by auto. ring.
Qed.
Lemma horner_multiples : forall m p x, 1 <= m -> multiples m p = true ->
  horner p x / m = horner (map (fun c => c / m) p) x.
Proof.
  intros m [|c r] x Hm H; [reflexivity|]. unfold multiples in H. cbn [horner map tl] in *.
  assert (G : horner r x = m * horner (map (fun c => c / m) r) x).
  { induction r; cbn [horner map]; [ring|]. cbn in H. apply andb_true_iff in H as [H1 H2]. apply Z.eqb_eq in H1.
    rewrite IHr by auto. pose proof (Z.div_mod a m ltac:(lia)). nia. }
  rewrite G. replace (c + x * (m * horner (map (fun c => c / m) r) x)) with (c + (x * horner (map (fun c => c / m) r) x) * m) by ring.
  now rewrite Z.div_add by lia.
Qed.
Lemma horner_monotone : forall cs, forallb (fun c => 0 <=? c) cs = true ->
  forall x y, 0 <= x -> x <= y -> 0 <= horner cs x <= horner cs y.
Proof.
  induction cs as [|c r IH]; cbn; intros H x y Hx Hy; [lia|].
  apply andb_true_iff in H as [Hc Hr]. specialize (IH Hr x y Hx Hy). nia.
Qed.
Lemma horner_increasing : forall p, forallb (fun c => 0 <=? c) (tl p) = true -> forall x y, 0 <= x -> x <= y -> horner p x <= horner p y.
Proof.
  intros [|c r] H x y Hx Hy; [cbn; lia|]. cbn [tl horner] in *. pose proof (horner_monotone r H x y Hx Hy).
  pose proof (horner_monotone r H y y ltac:(lia) ltac:(lia)). nia.
Qed.

(* ------------------------------------------------------------------ *)
(** * Three answers, and what may help where there is none *)

Inductive advice := Cut (place : Z) | Classes (k : Z) | Points.
Definition cheaper (a b : advice) : advice :=
  match a, b with
  | Cut _, _ => a | _, Cut _ => b | Points, _ => b | _, Points => a | Classes k, Classes l => if k <=? l then a else b
  end.
Inductive answer := Yes | No | Maybe (a : advice).
Definition said (r : answer) (P : Prop) : Prop := match r with Yes => P | No => ~ P | Maybe _ => True end.
Definition either (a b : answer) : answer :=
  match a, b with Yes, _ | _, Yes => Yes | No, _ => b | _, No => a | Maybe x, Maybe y => Maybe (cheaper x y) end.
Definition together (a b : answer) : answer :=
  match a, b with No, _ | _, No => No | Yes, _ => b | _, Yes => a | Maybe x, Maybe y => Maybe (cheaper x y) end.
Definition alike (a b : answer) : answer :=
  match a, b with
  | Yes, Yes | No, No => Yes | Yes, No | No, Yes => No | Maybe x, Maybe y => Maybe (cheaper x y)
  | Maybe x, _ | _, Maybe x => Maybe x end.
Lemma either_ok : forall a b P Q, said a P -> said b Q -> said (either a b) (P \/ Q).
Proof. intros [] [] P Q; cbn; tauto. Qed.
Lemma together_ok : forall a b P Q, said a P -> said b Q -> said (together a b) (P /\ Q).
Proof. intros [] [] P Q; cbn; tauto. Qed.
Lemma alike_ok : forall a b P Q, said a P -> said b Q -> said (alike a b) (P <-> Q).
Proof. intros [] [] P Q; cbn; tauto. Qed.
Lemma said_iff : forall a P Q, (P <-> Q) -> said a P -> said a Q.
Proof. intros [] P Q; cbn; tauto. Qed.

(** The last place where a test that holds at [low] still holds, if it fails for good later. *)
Fixpoint bisect (fuel : nat) (test : Z -> bool) (low high : Z) : Z :=
  match fuel with
  | O => low
  | S f => if high + -1 * low <=? 1 then low
           else let mid := (low + high) / 2 in if test mid then bisect f test mid high else bisect f test low mid
  end.
Fixpoint search (fuel : nat) (test : Z -> bool) (low step : Z) : Z :=
  match fuel with
  | O => low
  | S f => if test (low + step) then search f test (low + step) (2 * step) else bisect 200 test low (low + step)
  end.

(* ------------------------------------------------------------------ *)
(** * Terms: the floor of a polynomial by a positive number *)

Inductive floored := Known (p : list Z) (m : Z) | Stuck (a : advice).

Definition is_floored (t : Z) (a : floored) (v : Z) : Prop :=
  match a with Known p m => 1 <= m /\ v = horner p t / m | Stuck _ => True end.

Definition exactly (n : Z) : floored := Known [n] 1.
Definition reduced (p : list Z) (m : Z) : floored :=
  if (1 <? m) && multiples m p then Known (map (fun c => c / m) p) 1 else Known p m.
Definition refining (p : list Z) (m : Z) : advice := Classes (m / fold_right Z.gcd m (tl p)).
Definition constant (a : floored) : option Z :=
  match a with Known p m => if flat p then Some (hd 0 p / m) else None | Stuck _ => None end.
Definition lifted (f : list Z -> Z -> list Z -> Z -> floored) (a b : floored) : floored :=
  match a, b with
  | Known p m, Known q n => f p m q n
  | Stuck x, Stuck y => Stuck (cheaper x y) | Stuck x, _ | _, Stuck x => Stuck x
  end.
Definition cancel (p : list Z) (m : Z) (q : list Z) (n : Z) : bool :=
  (m =? n) && flat (coefficients_plus p q) && (hd 0 (coefficients_plus p q) =? m + -1).
(** Most terms are numbers: their way is short. *)
Definition plain (a : floored) : option Z := match a with Known [x] 1 => Some x | _ => None end.
Definition shortly (f : Z -> Z -> Z) (g : floored -> floored -> floored) (a b : floored) : floored :=
  match plain a, plain b with Some x, Some y => exactly (f x y) | _, _ => g a b end.
Definition floored_plus : floored -> floored -> floored := shortly Z.add (lifted (fun p m q n =>
  if n =? 1 then reduced (coefficients_plus p (coefficients_scaled m q)) m
  else if m =? 1 then reduced (coefficients_plus q (coefficients_scaled n p)) n
  else if cancel p m q n then exactly 0
  else Stuck (refining p m))).
Definition scaled_by (k : Z) (p : list Z) (m : Z) : floored :=
  if m =? 1 then Known (coefficients_scaled k p) 1
  else if k =? 0 then exactly 0 else if k =? 1 then Known p m
  else if k =? -1 then Known (coefficients_plus (coefficients_scaled (-1) p) [m + -1]) m
  else Stuck (refining p m).
Definition floored_times : floored -> floored -> floored := shortly Z.mul (lifted (fun p m q n =>
  match constant (Known p m), constant (Known q n) with
  | Some k, _ => scaled_by k q n
  | _, Some k => scaled_by k p m
  | _, _ => if m =? 1 then if n =? 1 then Known (coefficients_times p q) 1 else Stuck (refining q n) else Stuck (refining p m)
  end)).
Fixpoint floored_power (a : floored) (n : nat) : floored :=
  match n with O => exactly 1 | S k => floored_times (floored_power a k) a end.
Definition floored_pow (a : floored) (n : Z) : floored := if n <? 0 then Stuck Points else floored_power a (Z.to_nat n).
Definition by_constants (f : Z -> Z -> Z) (a b : floored) : floored :=
  match constant a, constant b with Some x, Some y => exactly (f x y) | _, _ => Stuck Points end.
Definition floored_over (a b : floored) : floored :=
  match a with
  | Stuck x => Stuck x
  | Known p m => match constant b with
                 | Some d => if 1 <=? d then reduced p (m * d) else by_constants Z.div a b
                 | None => match b with Stuck x => Stuck x | _ => Stuck Points end end
  end.
Definition floored_rest (a b : floored) : floored :=
  match constant b with
  | Some d => if 1 <=? d then floored_plus a (floored_times (exactly (- d)) (floored_over a b)) else by_constants Z.modulo a b
  | None => match b with Stuck x => Stuck x | _ => Stuck Points end
  end.

(** Between two ends, t = low + u: positive coefficients only add to the constant, negative ones only take from it, the more,
    the larger u is. *)
Definition gains (p : list Z) : list Z := map (fun c => Z.max 0 c) p.
Definition losses (p : list Z) : list Z := map (fun c => Z.max 0 (-1 * c)) p.
Definition spread (p : list Z) (low h : Z) : answer :=
  let q := shifted p low in let n := h + -1 * low in
  if 0 <=? hd 0 q + -1 * (n * horner (losses (tl q)) n) then Yes
  else if hd 0 q + n * horner (gains (tl q)) n <? 0 then No else Maybe Points.
(** The polynomial in -t. *)
Fixpoint mirrored (p : list Z) : list Z := match p with [] => [] | c :: r => c :: coefficients_scaled (-1) (mirrored r) end.
Lemma horner_parts : forall p x, horner p x = horner (gains p) x + -1 * horner (losses p) x.
Proof. induction p as [|c r IH]; intro x; cbn [gains losses map horner] in *; [ring|]. rewrite IH. unfold gains, losses.
  replace c with (Z.max 0 c + -1 * Z.max 0 (-1 * c)) at 1 by lia. ring.
Qed.
Lemma positive_parts : forall (f : Z -> Z) p, forallb (fun c => 0 <=? c) (map (fun c => Z.max 0 (f c)) p) = true.
Proof. induction p; [reflexivity|]. cbn. rewrite IHp, andb_true_r. apply Z.leb_le. lia. Qed.
Lemma horner_mirrored : forall p x, horner (mirrored p) (-1 * x) = horner p x.
Proof. induction p; intro x; cbn [mirrored horner]; [reflexivity|]. rewrite horner_scaled, IHp. ring. Qed.
Lemma spread_ok : forall p low h t, low <= t <= h -> said (spread p low h) (0 <= horner p t).
Proof.
  intros p low h t B. unfold spread. set (q := shifted p low). set (n := h + -1 * low). set (u := t + -1 * low).
  assert (V : horner p t = hd 0 q + u * horner (tl q) u).
  { replace t with (low + u) by (unfold u; ring). rewrite <- horner_shifted. fold q. destruct q; cbn [horner hd tl]; ring. }
  rewrite V, (horner_parts (tl q) u). assert (Hu : 0 <= u <= n) by (unfold u, n; lia).
  pose proof (horner_monotone _ (positive_parts (fun c => c) (tl q)) u n ltac:(lia) ltac:(lia)) as G.
  pose proof (horner_monotone _ (positive_parts (fun c => -1 * c) (tl q)) u n ltac:(lia) ltac:(lia)) as L.
  change (map _ (tl q)) with (gains (tl q)) in G. change (map _ (tl q)) with (losses (tl q)) in L.
  assert (M : forall a b, 0 <= a <= b -> 0 <= u * a <= n * b) by (intros; split; [nia|]; apply Z.mul_le_mono_nonneg; lia).
  apply M in G. apply M in L.
  replace (u * (horner (gains (tl q)) u + -1 * horner (losses (tl q)) u))
    with (u * horner (gains (tl q)) u + -1 * (u * horner (losses (tl q)) u)) by ring.
  destruct (Z.leb_spec 0 (hd 0 q + -1 * (n * horner (losses (tl q)) n))); [cbn [said]; lia|].
  destruct (Z.ltb_spec (hd 0 q + n * horner (gains (tl q)) n) 0); [cbn [said]; lia | exact I].
Qed.

Section ends.
Variables (low : Z) (high : option Z).
Definition inside (t : Z) : Prop := low <= t /\ match high with Some h => t <= h | None => True end.

(** Whether a polynomial is at least 0 from [low] to [high]. *)
Definition not_below (p : list Z) : answer :=
  let q := shifted p low in
  let first := 0 <=? hd 0 q in
  let place := fun _ : unit => Maybe (Cut (search 200 (fun t => Bool.eqb (0 <=? horner p t) first) low 1)) in
  let last := match high with Some h => 0 <=? horner p h | None => negb first end in
  if flat q then if first then Yes else No
  else if forallb (fun c => 0 <=? c) (tl q) then if first then Yes else if last then place tt else No
  else if forallb (fun c => 0 <=? c) (tl (coefficients_scaled (-1) q)) then if first then if last then Yes else place tt else No
  else match high with
       | Some h => match spread p low h with
                   | Maybe _ => match spread (mirrored p) (-1 * h) (-1 * low) with
                                | Maybe _ => Maybe (Cut ((low + h) / 2)) | a => a end
                   | a => a end
       | None => Maybe (Cut (low + Z.abs low + 8))
       end.
Definition at_least_0 (a : floored) : answer := match a with Known p _ => not_below p | Stuck x => Maybe x end.
Definition floored_minus (a b : floored) : floored := floored_plus a (floored_times (exactly (-1)) b).
Definition at_most (a b : floored) : answer :=
  match constant a, constant b with
  | Some x, Some y => if x <=? y then Yes else No
  | _, _ => at_least_0 (floored_minus b a)
  end.

Definition floored_extreme (s : bool) (a b : floored) : floored :=
  match at_most a b with Yes => if s then b else a | No => if s then a else b | Maybe x => Stuck x end.
Definition floored_windows (l f d s : floored) : floored :=
  match together (at_most (exactly 1) f) (together (at_most (exactly 1) d) (at_most (exactly 1) s)) with
  | Yes =>
      let spare := floored_minus l (floored_plus (floored_times d (floored_plus f (exactly (-1)))) (exactly 1)) in
      match at_least_0 spare with
      | Yes => floored_plus (floored_over spare s) (exactly 1)
      | No => exactly 0
      | Maybe x => Stuck x
      end
  | No => match constant l, constant f, constant d, constant s with
          | Some x, Some y, Some z, Some w => exactly (Windows x y z w)
          | _, _, _, _ => Stuck Points end
  | Maybe x => Stuck x
  end.
Definition progression : operations floored :=
  Operations floored exactly (Stuck Points) floored_plus floored_times floored_pow floored_over floored_rest
    floored_extreme floored_windows.

(* ------------------------------------------------------------------ *)

Variable t : Z.
Hypothesis here : inside t.

Lemma exactly_ok : forall n, is_floored t (exactly n) n.
Proof. intro n. split; [lia|]. cbn [horner]. rewrite Z.div_1_r. ring. Qed.
Lemma reduced_ok : forall p m, 1 <= m -> is_floored t (reduced p m) (horner p t / m).
Proof.
  intros p m H. unfold reduced. destruct ((1 <? m) && multiples m p) eqn:E; [|split; auto].
  apply andb_true_iff in E as [_ E]. split; [lia|]. now rewrite Z.div_1_r, horner_multiples.
Qed.
Lemma constant_ok : forall a v n, is_floored t a v -> constant a = Some n -> v = n.
Proof.
  intros [p m|] v n V H; [|discriminate]. destruct V as [_ ->]. cbn in H. destruct (flat p) eqn:F; [|discriminate].
  injection H as <-. now rewrite horner_flat.
Qed.
Lemma lifted_ok : forall f (g : Z -> Z -> Z), (forall p m q n, 1 <= m -> 1 <= n ->
    is_floored t (f p m q n) (g (horner p t / m) (horner q t / n))) ->
  forall a b x y, is_floored t a x -> is_floored t b y -> is_floored t (lifted f a b) (g x y).
Proof. intros f g H [] [] x y A B; try exact I. destruct A as [A ->], B as [B ->]. cbn. auto. Qed.
Lemma plain_ok : forall a v x, is_floored t a v -> plain a = Some x -> v = x.
Proof.
  intros [[|y []] [|[]|]|] v x V H; try discriminate. injection H as <-. destruct V as [_ ->]. cbn [horner].
  rewrite Z.div_1_r. ring.
Qed.
Lemma shortly_ok : forall (f : Z -> Z -> Z) g a b x y, is_floored t a x -> is_floored t b y ->
  is_floored t (g a b) (f x y) -> is_floored t (shortly f g a b) (f x y).
Proof.
  intros f g a b x y A B G. unfold shortly. destruct (plain a) eqn:C; auto. destruct (plain b) eqn:D; auto.
  rewrite (plain_ok _ _ _ A C), (plain_ok _ _ _ B D). apply exactly_ok.
Qed.
Lemma floored_plus_ok : forall a b x y, is_floored t a x -> is_floored t b y -> is_floored t (floored_plus a b) (x + y).
Proof.
  intros a b x y A B. apply shortly_ok; auto. revert a b x y A B. apply (lifted_ok _ Z.add). intros p m q n Hm Hn. destruct (Z.eqb_spec n 1) as [->|].
  - rewrite Z.div_1_r, <- Z.div_add, (Z.mul_comm (horner q t)), <- horner_scaled, <- horner_plus by lia. now apply reduced_ok.
  - destruct (Z.eqb_spec m 1) as [->|].
    + rewrite Z.div_1_r, Z.add_comm, <- Z.div_add, (Z.mul_comm (horner p t)), <- horner_scaled, <- horner_plus by lia.
      now apply reduced_ok.
    + unfold cancel. destruct ((m =? n) && _ && _) eqn:E; [|exact I].
      rewrite !andb_true_iff, !Z.eqb_eq in E. destruct E as [[<- F] G]. apply (horner_flat _ t) in F.
      rewrite horner_plus, G in F. replace (horner q t) with (m + -1 + -1 * horner p t) by lia.
      assert (N : (m + -1 + -1 * horner p t) / m = - (horner p t / m)).
      { apply div_char; auto. pose proof (proj1 (div_char (horner p t) m _ Hm) eq_refl). nia. }
      rewrite N, Z.add_opp_diag_r. apply exactly_ok.
Qed.
Lemma scaled_by_ok : forall k p m, 1 <= m -> is_floored t (scaled_by k p m) (k * (horner p t / m)).
Proof.
  intros k p m Hm. unfold scaled_by. destruct (Z.eqb_spec m 1) as [->|].
  { split; [lia|]. now rewrite !Z.div_1_r, horner_scaled. }
  destruct (Z.eqb_spec k 0) as [->|]; [apply exactly_ok|].
  destruct (Z.eqb_spec k 1) as [->|]; [split; auto; ring|].
  destruct (Z.eqb_spec k (-1)) as [->|]; [|exact I]. split; auto. rewrite horner_plus, horner_scaled. cbn [horner].
  symmetry. apply div_char; auto. pose proof (proj1 (div_char (horner p t) m _ Hm) eq_refl). nia.
Qed.
Lemma floored_times_ok : forall a b x y, is_floored t a x -> is_floored t b y -> is_floored t (floored_times a b) (x * y).
Proof.
  intros a b x y A B. apply shortly_ok; auto. revert a b x y A B. apply (lifted_ok _ Z.mul). intros p m q n Hm Hn.
  destruct (constant (Known p m)) as [k|] eqn:K.
  { rewrite (constant_ok (Known p m) (horner p t / m) _ (conj Hm eq_refl) K). now apply scaled_by_ok. }
  destruct (constant (Known q n)) as [k|] eqn:L.
  { rewrite (constant_ok (Known q n) (horner q t / n) _ (conj Hn eq_refl) L), Z.mul_comm. now apply scaled_by_ok. }
  destruct (Z.eqb_spec m 1) as [->|]; [|exact I]. destruct (Z.eqb_spec n 1) as [->|]; [|exact I].
  split; [lia|]. now rewrite !Z.div_1_r, horner_times.
Qed.
Lemma floored_pow_ok : forall a x n, is_floored t a x -> is_floored t (floored_pow a n) (x ^ n).
Proof.
  intros a x n A. unfold floored_pow. destruct (Z.ltb_spec n 0); [exact I|].
  rewrite <- (Z2Nat.id n) at 2 by auto. generalize (Z.to_nat n). intro k. induction k; [apply exactly_ok|].
  cbn [floored_power]. rewrite Nat2Z.inj_succ, Z.pow_succ_r, Z.mul_comm by lia. now apply floored_times_ok.
Qed.
Lemma by_constants_ok : forall f a b x y, is_floored t a x -> is_floored t b y -> is_floored t (by_constants f a b) (f x y).
Proof.
  intros f a b x y A B. unfold by_constants. destruct (constant a) eqn:E; [|exact I]. destruct (constant b) eqn:G; [|exact I].
  rewrite (constant_ok _ _ _ A E), (constant_ok _ _ _ B G). apply exactly_ok.
Qed.
Lemma floored_over_ok : forall a b x y, is_floored t a x -> is_floored t b y -> is_floored t (floored_over a b) (x / y).
Proof.
  intros a b x y A B. destruct a as [p m|]; [|exact I]. unfold floored_over.
  destruct (constant b) as [d|] eqn:C; [|destruct b; exact I]. destruct (Z.leb_spec 1 d).
  - rewrite (constant_ok _ _ _ B C). destruct A as [A ->]. rewrite Z.div_div by lia. apply reduced_ok. nia.
  - now apply by_constants_ok.
Qed.
Lemma floored_rest_ok : forall a b x y, is_floored t a x -> is_floored t b y -> is_floored t (floored_rest a b) (x mod y).
Proof.
  intros a b x y A B. unfold floored_rest. destruct (constant b) as [d|] eqn:C; [|destruct b; exact I].
  destruct (Z.leb_spec 1 d); [|now apply by_constants_ok]. pose proof (constant_ok _ _ _ B C); subst y.
  replace (x mod d) with (x + - d * (x / d)) by (pose proof (Z.div_mod x d ltac:(lia)); lia).
  auto using floored_plus_ok, floored_times_ok, floored_over_ok, exactly_ok.
Qed.

Lemma not_below_ok : forall p, said (not_below p) (0 <= horner p t).
Proof.
  intro p. unfold not_below. pose proof here as [L H]. set (q := shifted p low).
  assert (V : forall s, low <= s -> horner p s = horner q (s + -1 * low)).
  { intros s _. unfold q. rewrite horner_shifted. f_equal. ring. }
  assert (F : hd 0 q = horner q 0) by (destruct q; cbn [hd horner]; ring).
  pose proof (V t L) as Vt. set (place := search _ _ _ _). clearbody place.
  destruct (flat q) eqn:K.
  { rewrite Vt, (horner_flat q _ K). destruct (Z.leb_spec 0 (hd 0 q)); cbn; lia. }
  destruct (forallb _ (tl q)) eqn:U.
  { pose proof (horner_increasing q U) as I. destruct (Z.leb_spec 0 (hd 0 q)).
    - cbn. rewrite Vt. pose proof (I 0 (t + -1 * low) ltac:(lia) ltac:(lia)). lia.
    - destruct high as [h|]; cbn [negb]; [|exact Logic.I]. destruct (Z.leb_spec 0 (horner p h)); [exact Logic.I|]. cbn.
      pose proof (I (t + -1 * low) (h + -1 * low) ltac:(lia) ltac:(lia)). rewrite (V h) in * by lia. lia. }
  destruct (forallb _ (tl (coefficients_scaled (-1) q))) eqn:D.
  { pose proof (horner_increasing _ D) as I. setoid_rewrite horner_scaled in I. destruct (Z.leb_spec 0 (hd 0 q)).
    - destruct high as [h|]; cbn [negb]; [|exact Logic.I]. destruct (Z.leb_spec 0 (horner p h)); [|exact Logic.I]. cbn.
      pose proof (I (t + -1 * low) (h + -1 * low) ltac:(lia) ltac:(lia)). rewrite (V h) in * by lia. lia.
    - cbn. rewrite Vt. pose proof (I 0 (t + -1 * low) ltac:(lia) ltac:(lia)). lia. }
  destruct high as [h|]; [|exact Logic.I].
  pose proof (spread_ok p low h t (conj L H)) as S. destruct (spread p low h); auto.
  pose proof (spread_ok (mirrored p) (-1 * h) (-1 * low) (-1 * t) ltac:(lia)) as S'. rewrite horner_mirrored in S'.
  destruct (spread (mirrored p) _ _); auto.
Qed.
Lemma at_least_0_ok : forall a v, is_floored t a v -> said (at_least_0 a) (0 <= v).
Proof.
  intros [p m|] v V; [|exact I]. destruct V as [Hm ->]. apply (said_iff _ (0 <= horner p t)); [|apply not_below_ok].
  rewrite div_le_iff, Z.mul_0_r by auto. reflexivity.
Qed.
Lemma floored_minus_ok : forall a b x y, is_floored t a x -> is_floored t b y -> is_floored t (floored_minus a b) (x + -1 * y).
Proof. intros. unfold floored_minus. auto using floored_plus_ok, floored_times_ok, exactly_ok. Qed.
Lemma at_most_ok : forall a b x y, is_floored t a x -> is_floored t b y -> said (at_most a b) (x <= y).
Proof.
  intros a b x y A B. unfold at_most.
  assert (G : said (at_least_0 (floored_minus b a)) (x <= y)).
  { apply (said_iff _ (0 <= y + -1 * x)); [lia|]. apply at_least_0_ok. now apply floored_minus_ok. }
  destruct (constant a) eqn:C; auto. destruct (constant b) eqn:D; auto.
  rewrite (constant_ok _ _ _ A C), (constant_ok _ _ _ B D). destruct (Z.leb_spec z z0); cbn; lia.
Qed.
Lemma floored_extreme_ok : forall s a b x y, is_floored t a x -> is_floored t b y -> is_floored t (floored_extreme s a b) (extreme s x y).
Proof.
  intros s a b x y A B. unfold floored_extreme. pose proof (at_most_ok a b x y A B) as H.
  destruct (at_most a b); [| |exact I]; cbn in H; destruct s; cbn [extreme].
  - now rewrite Z.max_r.
  - now rewrite Z.min_l.
  - rewrite Z.max_l by lia. auto.
  - rewrite Z.min_r by lia. auto.
Qed.
Lemma floored_windows_ok : forall l f d s x y z w, is_floored t l x -> is_floored t f y -> is_floored t d z ->
  is_floored t s w -> is_floored t (floored_windows l f d s) (Windows x y z w).
Proof.
  intros l f d s x y z w A B C D. unfold floored_windows.
  pose proof (at_most_ok (exactly 1) f 1 y (exactly_ok 1) B) as H1.
  pose proof (at_most_ok (exactly 1) d 1 z (exactly_ok 1) C) as H2.
  pose proof (at_most_ok (exactly 1) s 1 w (exactly_ok 1) D) as H3.
  pose proof (together_ok _ _ _ _ H1 (together_ok _ _ _ _ H2 H3)) as H. destruct (together _ _); [| |exact I].
  - cbn [said] in H. assert (E : is_floored t (floored_minus l (floored_plus (floored_times d (floored_plus f (exactly (-1)))) (exactly 1)))
      (x + -1 * (z * (y + -1) + 1))) by auto 10 using floored_minus_ok, floored_plus_ok, floored_times_ok, exactly_ok.
    pose proof (at_least_0_ok _ _ E) as P. destruct (at_least_0 _); [| |exact I]; cbn [said] in P.
    + rewrite rule_window_count by lia. auto using floored_plus_ok, floored_over_ok, exactly_ok.
    + replace (Windows x y z w) with 0; [apply exactly_ok|]. pose proof (rule_window_fits x y z w ltac:(lia) ltac:(lia) ltac:(lia)).
      pose proof (Windows_least x y z w). lia.
  - destruct (constant l) eqn:E1; [|exact I]. destruct (constant f) eqn:E2; [|exact I].
    destruct (constant d) eqn:E3; [|exact I]. destruct (constant s) eqn:E4; [|exact I].
    rewrite (constant_ok _ _ _ A E1), (constant_ok _ _ _ B E2), (constant_ok _ _ _ C E3), (constant_ok _ _ _ D E4). apply exactly_ok.
Qed.
Lemma progression_right : right progression (is_floored t).
Proof.
  constructor; cbn [number nothing plus_in times_in power_in over_in rest_in extreme_in windows_in progression];
  auto using exactly_ok, floored_plus_ok, floored_times_ok, floored_pow_ok, floored_over_ok, floored_rest_ok,
    floored_extreme_ok, floored_windows_ok.
  intro. exact I.
Qed.
End ends.
