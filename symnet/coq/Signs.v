(* Signs.v: what the signs of symbols show, linear combinations, and propositions that can be decided by evaluation. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Reflect.
Import ListNotations.
Open Scope Z_scope.

(* ------------------------------------------------------------------ *)
(** * Least values: [low] holds a lower bound, where there is one, for each value of the environment *)

Fixpoint bounded (env : list Z) (low : list (option Z)) : Prop :=
  match env, low with
  | v :: env', Some l :: low' => l <= v /\ bounded env' low'
  | _ :: env', None :: low' => bounded env' low'
  | _, _ => True
  end.
Lemma bounded_nth : forall env low i l, bounded env low -> nth i low None = Some l -> (i < length env)%nat -> l <= nth i env 0.
Proof.
  induction env as [|v env IH]; intros low i l B H L; [cbn in L; lia|].
  destruct low as [|o low]; [destruct i; discriminate|].
  destruct i, o; cbn in *; try discriminate.
  - injection H as ->. tauto.
  - apply (IH low); [tauto | auto | lia].
  - apply (IH low); [tauto | auto | lia].
Qed.

Definition least_pow (base : option Z) (n : Z) : option Z :=
  if n <? 0 then None
  else match base with
       | Some b => if 0 <=? b then Some (b ^ n) else if Z.even n then Some 0 else None
       | None => if Z.even n then Some 0 else None
       end.

Fixpoint least (size : nat) (low : list (option Z)) (e : expr) : option Z :=
  match e with
  | Num n => Some n
  | Var i => if (i <? size)%nat then nth i low None else None
  | Add a b => match least size low a, least size low b with Some x, Some y => Some (x + y) | _, _ => None end
  | Mul a b => match least size low a, least size low b with
               | Some x, Some y => if (0 <=? x) && (0 <=? y) then Some (x * y)
                                   else match a with Num n => if 0 <=? n then Some (n * y) else None | _ => None end
               | _, _ => None end
  | Pow a n => least_pow (least size low a) n
  | Div a b => match least size low a, least size low b with
               | Some x, Some y => if 1 <=? y then match b with Num m => Some (x / m) | _ => Some (Z.min x 0) end else None
               | _, _ => None end
  | Ceil a b => match least size low a, least size low b with
                | Some x, Some y => if 1 <=? y then match b with Num m => Some (cdiv x m) | _ => Some (Z.min x 1) end else None
                | _, _ => None end
  | Mod _ b => match least size low b with Some y => if 1 <=? y then Some 0 else None | None => None end
  | Extreme true a b => match least size low a, least size low b with
                        | Some x, Some y => Some (Z.max x y) | Some x, None => Some x | None, y => y end
  | Extreme false a b => match least size low a, least size low b with Some x, Some y => Some (Z.min x y) | _, _ => None end
  end.

Lemma div_min : forall x y l, 1 <= y -> l <= x -> Z.min l 0 <= x / y.
Proof. intros. apply div_le_iff; nia. Qed.
Lemma cdiv_min : forall x y l, 1 <= y -> l <= x -> Z.min l 1 <= cdiv x y.
Proof. intros x y l Hy Hl. pose proof (proj1 (cdiv_char x y _ Hy) eq_refl). nia. Qed.
Lemma cdiv_le : forall x y m, 1 <= m -> x <= y -> cdiv x m <= cdiv y m.
Proof. intros. rewrite !cdiv_floor by auto. apply Z.div_le_mono; lia. Qed.

Lemma least_ok : forall env low, bounded env low -> forall e l, least (length env) low e = Some l -> l <= eval env e.
Proof.
  intros env low B. induction e; intros l H; cbn [least eval] in *.
  - injection H as ->. lia.
  - destruct (Nat.ltb_spec i (length env)); [|discriminate]. eauto using bounded_nth.
  - destruct (least _ low e1), (least _ low e2); try discriminate. injection H as <-.
    pose proof (IHe1 _ eq_refl). pose proof (IHe2 _ eq_refl). lia.
  - destruct (least _ low e1), (least _ low e2); try discriminate.
    pose proof (IHe1 _ eq_refl). pose proof (IHe2 _ eq_refl).
    destruct ((0 <=? z) && (0 <=? z0)) eqn:E.
    + injection H as <-. apply andb_true_iff in E. nia.
    + destruct e1; try discriminate. destruct (Z.leb_spec 0 n); [|discriminate]. injection H as <-. cbn [eval]. nia.
  - unfold least_pow in H. destruct (Z.ltb_spec n 0); [discriminate|].
    assert (G : Z.even n = true -> 0 <= eval env e ^ n) by (intro; apply Z.pow_even_nonneg; now apply Z.even_spec).
    destruct (least _ low e).
    + pose proof (IHe _ eq_refl). destruct (Z.leb_spec 0 z).
      * injection H as <-. apply Z.pow_le_mono_l. lia.
      * destruct (Z.even n); [|discriminate]. injection H as <-. auto.
    + destruct (Z.even n); [|discriminate]. injection H as <-. auto.
  - destruct (least _ low e1); [|discriminate]. destruct (least _ low e2) eqn:E2; [|discriminate].
    destruct (Z.leb_spec 1 z0); [|discriminate]. pose proof (IHe1 _ eq_refl). pose proof (IHe2 _ eq_refl).
    destruct e2; injection H as <-; try (apply div_min; lia).
    cbn in *. apply Z.div_le_mono; lia.
  - destruct (least _ low e1); [|discriminate]. destruct (least _ low e2) eqn:E2; [|discriminate].
    destruct (Z.leb_spec 1 z0); [|discriminate]. pose proof (IHe1 _ eq_refl). pose proof (IHe2 _ eq_refl).
    destruct e2; injection H as <-; try (apply cdiv_min; lia).
    cbn in *. apply cdiv_le; lia.
  - destruct (least _ low e2); [|discriminate]. destruct (Z.leb_spec 1 z); [|discriminate]. injection H as <-.
    pose proof (IHe2 _ eq_refl). apply Z.mod_pos_bound. lia.
  - destruct largest, (least _ low e1), (least _ low e2); try discriminate; injection H as <-;
    repeat match goal with IH : forall l, Some ?z = Some l -> _ |- _ => specialize (IH z eq_refl) end; lia.
Qed.

(** A polynomial whose only negative coefficient is that of 1. *)
Fixpoint least_mono (size : nat) (low : list (option Z)) (m : mono) : option Z :=
  match m with
  | [] => Some 1
  | e :: r => match least size low e, least_mono size low r with
              | Some x, Some y => if 0 <=? x then Some (x * y) else None
              | _, _ => None end
  end.
Fixpoint least_poly (size : nat) (low : list (option Z)) (p : poly) : option Z :=
  match p with
  | [] => Some 0
  | ([], c) :: r => match least_poly size low r with Some y => Some (c + y) | None => None end
  | (m, c) :: r => match least_mono size low m, least_poly size low r with
                   | Some x, Some y => if 0 <=? c then Some (c * x + y) else None
                   | _, _ => None end
  end.
Lemma least_mono_ok : forall env low, bounded env low -> forall m l, least_mono (length env) low m = Some l ->
  0 <= l <= mono_value env m.
Proof.
  intros env low B. induction m as [|e r IH]; intros l H; cbn [least_mono] in H.
  - injection H as <-. cbn. lia.
  - destruct (least _ low e) eqn:E; [|discriminate]. destruct (least_mono _ low r); [|discriminate].
    destruct (Z.leb_spec 0 z); [|discriminate]. injection H as <-. rewrite mono_cons.
    pose proof (IH _ eq_refl). pose proof (least_ok env low B e z E). nia.
Qed.
Lemma least_poly_ok : forall env low, bounded env low -> forall p l, least_poly (length env) low p = Some l ->
  l <= value env p.
Proof.
  intros env low B. induction p as [|[m c] r IH]; intros l H; cbn [least_poly] in H.
  - injection H as <-. cbn. lia.
  - rewrite value_cons. destruct m as [|e m].
    + destruct (least_poly _ low r); [|discriminate]. injection H as <-. pose proof (IH _ eq_refl).
      change (mono_value env []) with 1. lia.
    + destruct (least_mono _ low (e :: m)) eqn:E; [|discriminate]. destruct (least_poly _ low r); [|discriminate].
      destruct (Z.leb_spec 0 c); [|discriminate]. injection H as <-. pose proof (IH _ eq_refl).
      pose proof (least_mono_ok env low B _ _ E). nia.
Qed.

Definition at_least (low : option Z) (n : Z) : bool := match low with Some l => n <=? l | None => false end.

(** n <= e, by structure or by its normal form. *)
Definition shown (size : nat) (low : list (option Z)) (n : Z) (e : expr) : bool :=
  at_least (least size low e) n || at_least (least_poly size low (norm e)) n.
Theorem by_structure : forall env low n e, bounded env low -> shown (length env) low n e = true -> n <= eval env e.
Proof.
  intros env low n e B H. unfold shown in H. apply orb_true_iff in H as [H|H].
  - destruct (least _ low e) eqn:E; [|discriminate]. pose proof (least_ok env low B _ _ E). apply Z.leb_le in H. lia.
  - destruct (least_poly _ low (norm e)) eqn:E; [|discriminate]. pose proof (least_poly_ok env low B _ _ E).
    rewrite norm_value in *. apply Z.leb_le in H. lia.
Qed.

#[global] Arguments by_structure _ _ _ _ & _ _.

(* ------------------------------------------------------------------ *)
(** * Propositions as data *)

Inductive prop :=
| PEq (a b : expr) | PLe (a b : expr) | PLt (a b : expr) | PDivides (d a : expr) | PCongruent (a r m : expr)
| PIn (a : expr) (parts : list part) | PIff (p q : prop) | PAnd (p q : prop) | POr (p q : prop) | PTrue | PFalse.

Fixpoint meaning (env : list Z) (p : prop) : Prop :=
  match p with
  | PEq a b => eval env a = eval env b
  | PLe a b => eval env a <= eval env b
  | PLt a b => eval env a < eval env b
  | PDivides d a => (eval env d | eval env a)
  | PCongruent a r m => Congruent (eval env a) (eval env r) (eval env m)
  | PIn a parts => Member (eval env a) parts
  | PIff p q => meaning env p <-> meaning env q
  | PAnd p q => meaning env p /\ meaning env q
  | POr p q => meaning env p \/ meaning env q
  | PTrue => True
  | PFalse => False
  end.

Definition divides (d x : Z) : bool := if d =? 0 then x =? 0 else x mod d =? 0.
Lemma divides_ok : forall d x, divides d x = true <-> (d | x).
Proof.
  intros. unfold divides. destruct (Z.eqb_spec d 0) as [->|N]; rewrite Z.eqb_eq.
  - split; [intros ->; apply Z.divide_0_r | apply Z.divide_0_l].
  - apply Z.mod_divide; auto.
Qed.
Definition in_part (x : Z) (p : part) : bool :=
  divides (modulus p) (x + -1 * residue p)
  && match minimum p with Some l => l <=? x | None => true end
  && match maximum p with Some h => x <=? h | None => true end.
Lemma in_part_ok : forall x p, in_part x p = true <-> member_part x p.
Proof.
  intros x [r m [l|] [h|]]; unfold in_part, member_part, Congruent; cbn;
  rewrite !andb_true_iff, divides_ok, ?Z.leb_le; tauto.
Qed.

Fixpoint decide (env : list Z) (p : prop) : bool :=
  match p with
  | PEq a b => eval env a =? eval env b
  | PLe a b => eval env a <=? eval env b
  | PLt a b => eval env a <? eval env b
  | PDivides d a => divides (eval env d) (eval env a)
  | PCongruent a r m => divides (eval env m) (eval env a + -1 * eval env r)
  | PIn a parts => existsb (in_part (eval env a)) parts
  | PIff p q => eqb (decide env p) (decide env q)
  | PAnd p q => decide env p && decide env q
  | POr p q => decide env p || decide env q
  | PTrue => true
  | PFalse => false
  end.
Theorem decide_ok : forall env p, decide env p = true <-> meaning env p.
Proof.
  intro env. induction p; cbn [decide meaning]; auto using divides_ok.
  - apply Z.eqb_eq.
  - apply Z.leb_le.
  - apply Z.ltb_lt.
  - apply divides_ok.
  - rewrite existsb_exists. unfold Member. setoid_rewrite in_part_ok. reflexivity.
  - rewrite <- IHp1, <- IHp2. destruct (decide env p1), (decide env p2); intuition discriminate.
  - now rewrite andb_true_iff, IHp1, IHp2.
  - now rewrite orb_true_iff, IHp1, IHp2.
  - tauto.
  - intuition discriminate.
Qed.

(* ------------------------------------------------------------------ *)
(** * Rules that compute *)

Lemma rule_calculate : forall p, decide [] p = true -> meaning [] p.
Proof. intros p. apply decide_ok. Qed.

Lemma rule_value : forall e n, (eval [] e =? n) = true -> eval [] e = n.
Proof. intros e n. apply Z.eqb_eq. Qed.

(** What an inequality says is not negative. *)
Definition gap (p : prop) : option poly :=
  match p with
  | PLe a b => Some (psub (norm b) (norm a))
  | PLt a b => Some (padd (psub (norm b) (norm a)) (pnum (-1)))
  | _ => None
  end.
Lemma gap_ok : forall env p g, gap p = Some g -> (meaning env p <-> 0 <= value env g).
Proof.
  intros env [] g H; try discriminate; injection H as <-; cbn [meaning];
  rewrite ?padd_value, ?pnum_value, psub_value, !norm_value; lia.
Qed.

Lemma rule_sign : forall env low p, bounded env low ->
  match gap p with Some g => at_least (least_poly (length env) low g) 0 | None => false end = true -> meaning env p.
Proof.
  intros env low p B H. destruct (gap p) as [g|] eqn:G; [|discriminate]. apply (gap_ok env) in G; apply G.
  destruct (least_poly _ low g) eqn:E; [|discriminate]. pose proof (least_poly_ok env low B _ _ E).
  cbn in H. apply Z.leb_le in H. lia.
Qed.

(** The goal's gap less the multiples of the premises' gaps. *)
Fixpoint left_over (size : nat) (low : list (option Z)) (rest : poly) (given : list (prop * expr)) : option poly :=
  match given with
  | [] => Some rest
  | (PEq a b, m) :: more => left_over size low (psub rest (pmul (norm m) (psub (norm b) (norm a)))) more
  | (p, m) :: more => match gap p with
                      | Some g => if shown size low 0 m then left_over size low (psub rest (pmul (norm m) g)) more else None
                      | None => None end
  end.
Fixpoint all (env : list Z) (given : list (prop * expr)) : Prop :=
  match given with [] => True | (p, _) :: more => meaning env p /\ all env more end.
Definition follows (size : nat) (low : list (option Z)) (goal : prop) (given : list (prop * expr)) : bool :=
  match gap goal with
  | Some g => match left_over size low g given with Some rest => at_least (least_poly size low rest) 0 | None => false end
  | None => false
  end.

Lemma left_over_ok : forall env low, bounded env low -> forall given rest p, all env given ->
  left_over (length env) low rest given = Some p -> value env p <= value env rest.
Proof.
  intros env low B. induction given as [|[q m] more IH]; intros rest p A H.
  - injection H as <-. lia.
  - destruct A as [Q A].
    assert (G : forall g, gap q = Some g -> (if shown (length env) low 0 m then
        left_over (length env) low (psub rest (pmul (norm m) g)) more else None) = Some p -> value env p <= value env rest).
    { intros g E K. destruct (shown (length env) low 0 m) eqn:S; [|discriminate].
      apply IH in K; auto. rewrite psub_value, pmul_value, norm_value in K.
      apply (by_structure env low) in S; auto. apply (gap_ok env) in E. apply E in Q. nia. }
    destruct q; try discriminate; try (exact (G _ eq_refl H)).
    apply IH in H; auto. rewrite psub_value, pmul_value, psub_value, !norm_value in H. cbn in Q. nia.
Qed.

Lemma rule_linear : forall env low goal given, bounded env low -> all env given ->
  follows (length env) low goal given = true -> meaning env goal.
Proof.
  intros env low goal given B A H. unfold follows in H.
  destruct (gap goal) as [g|] eqn:G; [|discriminate]. apply (gap_ok env) in G; apply G.
  destruct (left_over _ low g given) eqn:L; [|discriminate]. apply left_over_ok in L; auto.
  destruct (least_poly _ low p) eqn:E; [|discriminate]. pose proof (least_poly_ok env low B _ _ E).
  cbn in H. apply Z.leb_le in H. lia.
Qed.

(** k times the difference of p's sides is l times that of q's. *)
Definition proportional (k l : Z) (a b c d : expr) : bool :=
  match psub (pscale [] k (psub (norm b) (norm a))) (pscale [] l (psub (norm d) (norm c))) with [] => true | _ => false end.
Lemma proportional_ok : forall env k l a b c d, proportional k l a b c d = true ->
  k * (eval env b - eval env a) = l * (eval env d - eval env c).
Proof.
  intros env k l a b c d H. unfold proportional in H.
  set (g := psub (norm b) (norm a)) in *. set (h := psub (norm d) (norm c)) in *.
  destruct (psub (pscale [] k g) (pscale [] l h)) eqn:E; [|discriminate].
  pose proof (psub_value env (pscale [] k g) (pscale [] l h)) as V. rewrite E, !pscale_value in V.
  unfold g, h in V. rewrite !psub_value, !norm_value in V.
  change (value env []) with 0 in V. change (mono_value env []) with 1 in V. lia.
Qed.
Definition rearranged (k l : Z) (p q : prop) : bool :=
  match p, q with
  | PEq a b, PEq c d => negb (k =? 0) && negb (l =? 0) && proportional k l a b c d
  | PLe a b, PLe c d | PLt a b, PLt c d => (1 <=? k) && (1 <=? l) && proportional k l a b c d
  | PLe a b, PLt c d => proportional 1 1 a b c (Add d (Num (-1)))
  | PLt a b, PLe c d => proportional 1 1 a (Add b (Num (-1))) c d
  | _, _ => false
  end.
Lemma rule_rearrange : forall env k l p q, rearranged k l p q = true -> (meaning env p <-> meaning env q).
Proof.
  intros env k l [] [] H; try discriminate; cbn [rearranged meaning] in *;
  rewrite ?andb_true_iff, ?negb_true_iff, ?Z.eqb_neq, ?Z.leb_le in H;
  try match type of H with _ /\ _ => destruct H as [[Hk Hl] H] end; apply (proportional_ok env) in H; cbn [eval] in H; nia.
Qed.
