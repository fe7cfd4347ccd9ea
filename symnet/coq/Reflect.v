(* Reflect.v: the rules that compute. Expressions become data; their normal forms and least values are computed and
   proven right, so that a step of the kernel is checked by evaluation.

   Only soundness is proven: what is equal here is equal. Orders and normal forms need no theorem of their own. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet.
Import ListNotations.
Open Scope Z_scope.

(* ------------------------------------------------------------------ *)
(** * Expressions as data. Var i is the i-th value of an environment: a symbol or a count. *)

Inductive expr :=
| Num (n : Z) | Var (i : nat) | Add (a b : expr) | Mul (a b : expr) | Pow (a : expr) (n : Z)
| Div (a b : expr) | Ceil (a b : expr) | Mod (a b : expr) | Extreme (largest : bool) (a b : expr).
Notation Min := (Extreme false).
Notation Max := (Extreme true).

Definition extreme (largest : bool) : Z -> Z -> Z := if largest then Z.max else Z.min.

Fixpoint eval (env : list Z) (e : expr) : Z :=
  match e with
  | Num n => n
  | Var i => nth i env 0
  | Add a b => eval env a + eval env b
  | Mul a b => eval env a * eval env b
  | Pow a n => eval env a ^ n
  | Div a b => eval env a / eval env b
  | Ceil a b => cdiv (eval env a) (eval env b)
  | Mod a b => eval env a mod eval env b
  | Extreme true a b => Z.max (eval env a) (eval env b)
  | Extreme false a b => Z.min (eval env a) (eval env b)
  end.

(** An order on expressions; only equality matters for what is proven. *)
Definition kind (e : expr) : nat :=
  match e with Num _ => 0 | Var _ => 1 | Add _ _ => 2 | Mul _ _ => 3 | Pow _ _ => 4 | Div _ _ => 5 | Ceil _ _ => 6
  | Mod _ _ => 7 | Extreme _ _ _ => 8 end.
Definition andthen (c d : comparison) : comparison := match c with Eq => d | _ => c end.
Definition order_bool (a b : bool) : comparison :=
  match a, b with true, false => Gt | false, true => Lt | _, _ => Eq end.
Fixpoint order (a b : expr) : comparison :=
  match a, b with
  | Num x, Num y => x ?= y
  | Var i, Var j => Nat.compare i j
  | Add a1 a2, Add b1 b2 | Mul a1 a2, Mul b1 b2 | Div a1 a2, Div b1 b2 | Ceil a1 a2, Ceil b1 b2 | Mod a1 a2, Mod b1 b2 =>
      andthen (order a1 b1) (order a2 b2)
  | Pow a1 n, Pow b1 m => andthen (order a1 b1) (n ?= m)
  | Extreme s a1 a2, Extreme t b1 b2 => andthen (order_bool s t) (andthen (order a1 b1) (order a2 b2))
  | _, _ => Nat.compare (kind a) (kind b)
  end.
Lemma andthen_Eq : forall c d, andthen c d = Eq -> c = Eq /\ d = Eq.
Proof. intros [] d; cbn; intuition discriminate. Qed.
Lemma order_Eq : forall a b, order a b = Eq -> a = b.
Proof.
  induction a; destruct b; cbn [order kind]; try discriminate; intro H;
  repeat match goal with E : andthen _ _ = Eq |- _ => apply andthen_Eq in E; destruct E end;
  f_equal; auto using Z.compare_eq, Nat.compare_eq.
  destruct largest, largest0; auto; discriminate.
Qed.

(* ------------------------------------------------------------------ *)
(** * Polynomials: sorted lists of monomials with coefficients; a monomial is a sorted list of atoms *)

Definition mono := list expr.
Definition poly := list (mono * Z).

Definition mono_value (env : list Z) (m : mono) : Z := fold_right (fun e r => eval env e * r) 1 m.
Definition value (env : list Z) (p : poly) : Z := fold_right (fun t r => snd t * mono_value env (fst t) + r) 0 p.

Fixpoint insert (e : expr) (m : mono) : mono :=
  match m with
  | [] => [e]
  | f :: r => match order e f with Lt => f :: insert e r | _ => e :: m end
  end.
Definition mono_mul (m n : mono) : mono := fold_right insert n m.
Fixpoint mono_order (m n : mono) : comparison :=
  match m, n with
  | [], [] => Eq | [], _ => Lt | _, [] => Gt
  | a :: m', b :: n' => andthen (order a b) (mono_order m' n')
  end.

Fixpoint padd (p : poly) : poly -> poly :=
  fix padd_p (q : poly) : poly :=
    match p, q with
    | [], _ => q
    | _, [] => p
    | (m, c) :: p', (n, d) :: q' =>
        match mono_order m n with
        | Lt => (n, d) :: padd_p q'
        | Gt => (m, c) :: padd p' q
        | Eq => if c + d =? 0 then padd p' q' else (m, c + d) :: padd p' q'
        end
    end.
Definition pscale (m : mono) (c : Z) (p : poly) : poly := map (fun t => (mono_mul m (fst t), c * snd t)) p.
Definition pmul (p q : poly) : poly := fold_right (fun t r => padd (pscale (fst t) (snd t) q) r) [] p.
Definition psub (p q : poly) : poly := padd p (pscale [] (-1) q).
Definition pnum (n : Z) : poly := if n =? 0 then [] else [([], n)].
Fixpoint ppow (p : poly) (n : nat) : poly := match n with O => pnum 1 | S k => pmul (ppow p k) p end.

Lemma mono_order_Eq : forall m n, mono_order m n = Eq -> m = n.
Proof.
  induction m; destruct n; cbn; try discriminate; auto. intro H. apply andthen_Eq in H as [E H].
  f_equal; auto using order_Eq.
Qed.
Lemma mono_cons : forall env e m, mono_value env (e :: m) = eval env e * mono_value env m.
Proof. reflexivity. Qed.
Lemma value_cons : forall env m c p, value env ((m, c) :: p) = c * mono_value env m + value env p.
Proof. reflexivity. Qed.
Lemma insert_value : forall env e m, mono_value env (insert e m) = eval env e * mono_value env m.
Proof.
  induction m as [|f m IH]; [reflexivity|]. cbn [insert]. destruct (order e f); rewrite ?mono_cons, ?IH; ring.
Qed.
Lemma mono_mul_value : forall env m n, mono_value env (mono_mul m n) = mono_value env m * mono_value env n.
Proof.
  induction m as [|e m IH]; intro n; [change (mono_value env []) with 1; cbn [mono_mul fold_right]; ring|].
  change (mono_mul (e :: m) n) with (insert e (mono_mul m n)). rewrite insert_value, IH, mono_cons. ring.
Qed.
Lemma padd_value : forall env p q, value env (padd p q) = value env p + value env q.
Proof.
  induction p as [|[m c] p IHp]; intro q; [destruct q; reflexivity|].
  induction q as [|[n d] q IHq]; [cbn [padd]; change (value env []) with 0; ring|].
  assert (G : padd ((m, c) :: p) ((n, d) :: q) = match mono_order m n with
    | Lt => (n, d) :: padd ((m, c) :: p) q
    | Gt => (m, c) :: padd p ((n, d) :: q)
    | Eq => if c + d =? 0 then padd p q else (m, c + d) :: padd p q end) by reflexivity.
  rewrite G; clear G. destruct (mono_order m n) eqn:O.
  - apply mono_order_Eq in O; subst n.
    destruct (Z.eqb_spec (c + d) 0) as [E|_]; rewrite ?value_cons, IHp; [|ring].
    replace d with (- c) by lia. ring.
  - rewrite value_cons, IHq, !value_cons. ring.
  - rewrite value_cons, IHp, !value_cons. ring.
Qed.
Lemma pscale_value : forall env m c p, value env (pscale m c p) = c * mono_value env m * value env p.
Proof.
  induction p as [|[n d] p IH]; [cbn [pscale map]; change (value env []) with 0; ring|].
  change (pscale m c ((n, d) :: p)) with ((mono_mul m n, c * d) :: pscale m c p).
  rewrite !value_cons, IH, mono_mul_value. ring.
Qed.
Lemma pmul_value : forall env p q, value env (pmul p q) = value env p * value env q.
Proof.
  induction p as [|[m c] p IH]; intro q; [reflexivity|].
  change (pmul ((m, c) :: p) q) with (padd (pscale m c q) (pmul p q)).
  rewrite padd_value, pscale_value, IH, value_cons. ring.
Qed.
Lemma psub_value : forall env p q, value env (psub p q) = value env p - value env q.
Proof. intros. unfold psub. rewrite padd_value, pscale_value. change (mono_value env []) with 1. ring. Qed.
Lemma pnum_value : forall env n, value env (pnum n) = n.
Proof. intros. unfold pnum. destruct (Z.eqb_spec n 0); cbn; lia. Qed.
Lemma ppow_value : forall env p n, value env (ppow p n) = value env p ^ Z.of_nat n.
Proof.
  induction n; [apply pnum_value|]. cbn [ppow]. rewrite pmul_value, IHn, Nat2Z.inj_succ, Z.pow_succ_r by lia. ring.
Qed.

(** A polynomial as an expression again, for the arguments of atoms. *)
Definition back_mono (m : mono) (c : Z) : expr :=
  match m with [] => Num c | e :: r => Mul (Num c) (fold_right Mul e r) end.
Fixpoint back (p : poly) : expr :=
  match p with
  | [] => Num 0
  | [([e], 1)] => e
  | [(m, c)] => back_mono m c
  | (m, c) :: r => Add (back_mono m c) (back r)
  end.
Lemma back_mono_value : forall env m c, eval env (back_mono m c) = c * mono_value env m.
Proof.
  intros env [|e r] c; cbn [back_mono eval]; [change (mono_value env []) with 1; ring|]. f_equal.
  induction r as [|f r IH]; cbn [fold_right eval]; rewrite mono_cons; [change (mono_value env []) with 1; ring|].
  rewrite IH, !mono_cons. ring.
Qed.
Lemma back_value : forall env p, eval env (back p) = value env p.
Proof.
  intro env. assert (G : forall m c, eval env (match m, c with [e], 1 => e | _, _ => back_mono m c end) = c * mono_value env m).
  { intros [|e [|]] [|[]|]; rewrite ?back_mono_value; try reflexivity. rewrite mono_cons. change (mono_value env []) with 1. ring. }
  induction p as [|[m c] [|t r] IH]; [reflexivity| |].
  - cbn [value fold_right fst snd]. rewrite Z.add_0_r, <- G. cbn [back].
    destruct m as [|e [|]], c as [|[]|]; reflexivity.
  - transitivity (eval env (Add (back_mono m c) (back (t :: r)))).
    { cbn [back]. destruct m as [|e [|]], c as [|[]|]; reflexivity. }
    cbn [eval]. rewrite back_mono_value, IH. reflexivity.
Qed.

(** Minima and maxima: their order does not matter, nor does repetition. *)
Fixpoint spine (s : bool) (e : expr) : list expr :=
  match e with
  | Extreme t a b => if eqb s t then spine s a ++ spine s b else [e]
  | _ => [e]
  end.
Fixpoint insert_once (e : expr) (l : list expr) : list expr :=
  match l with
  | [] => [e]
  | f :: r => match order e f with Eq => l | Lt => f :: insert_once e r | Gt => e :: l end
  end.
Fixpoint extreme_of (s : bool) (l : list expr) (last : expr) : expr :=
  match l with [] => last | e :: r => Extreme s e (extreme_of s r last) end.
Definition rebuild (s : bool) (l : list expr) : expr :=
  match fold_right insert_once [] l with [] => Num 0 | e :: r => extreme_of s r e end.

Fixpoint closed (e : expr) : bool :=
  match e with
  | Num _ => true | Var _ => false | Pow a _ => closed a
  | Add a b | Mul a b | Div a b | Ceil a b | Mod a b | Extreme _ a b => closed a && closed b
  end.
Definition atom (e : expr) : poly := if closed e then pnum (eval [] e) else [([e], 1)].

(** x / 1 is x, also rounded up. *)
Definition is_one (p : poly) : bool := match p with [([], 1)] => true | _ => false end.
Definition quotient (up : bool) (p q : poly) : poly :=
  if is_one q then p else atom (if up then Ceil (back p) (back q) else Div (back p) (back q)).

(** The normal form: floors, ceilings, remainders, minima and maxima are atoms with arguments in normal form. *)
Fixpoint norm (e : expr) : poly :=
  match e with
  | Num n => pnum n
  | Var i => [([Var i], 1)]
  | Add a b => padd (norm a) (norm b)
  | Mul a b => pmul (norm a) (norm b)
  | Pow a n => if 0 <=? n then ppow (norm a) (Z.to_nat n) else atom (Pow (back (norm a)) n)
  | Div a b => quotient false (norm a) (norm b)
  | Ceil a b => quotient true (norm a) (norm b)
  | Mod a b => atom (Mod (back (norm a)) (back (norm b)))
  | Extreme s a b => atom (rebuild s (spine s (back (norm a)) ++ spine s (back (norm b))))
  end.

Lemma closed_eval : forall env e, closed e = true -> eval env e = eval [] e.
Proof.
  induction e; cbn [closed eval]; rewrite ?andb_true_iff; intro H; try discriminate; try reflexivity;
  solve [now rewrite IHe | destruct H; rewrite IHe1, IHe2 by auto; reflexivity].
Qed.
Lemma atom_value : forall env e, value env (atom e) = eval env e.
Proof.
  intros. unfold atom. destruct (closed e) eqn:C.
  2: { rewrite value_cons, mono_cons. change (value env []) with 0. change (mono_value env []) with 1. ring. }
  now rewrite pnum_value, (closed_eval env).
Qed.

Lemma quotient_value : forall env up p q, value env (quotient up p q) =
  if up then cdiv (value env p) (value env q) else value env p / value env q.
Proof.
  intros. unfold quotient. destruct (is_one q) eqn:E.
  - assert (O : value env q = 1) by (destruct q as [|[[|] [|[]|]] [|]]; try discriminate; reflexivity).
    rewrite O. destruct up; [unfold cdiv; rewrite Z.div_1_r; lia | now rewrite Z.div_1_r].
  - rewrite atom_value. destruct up; cbn [eval]; now rewrite !back_value.
Qed.
Lemma eval_extreme : forall env s a b, eval env (Extreme s a b) = extreme s (eval env a) (eval env b).
Proof. intros env [] a b; reflexivity. Qed.
Lemma extreme_comm : forall s a b, extreme s a b = extreme s b a.
Proof. intros []; cbn; lia. Qed.
Lemma extreme_assoc : forall s a b c, extreme s a (extreme s b c) = extreme s (extreme s a b) c.
Proof. intros []; cbn; lia. Qed.
Lemma extreme_same : forall s a, extreme s a a = a.
Proof. intros []; cbn; lia. Qed.

(** The extreme of a list that is not empty, from the right. *)
Fixpoint extreme_all (env : list Z) (s : bool) (l : list expr) : option Z :=
  match l with
  | [] => None
  | e :: r => Some (match extreme_all env s r with None => eval env e | Some v => extreme s (eval env e) v end)
  end.
Definition join (s : bool) (a b : option Z) : option Z :=
  match a, b with Some x, Some y => Some (extreme s x y) | None, y => y | x, None => x end.
Lemma join_assoc : forall s a b c, join s a (join s b c) = join s (join s a b) c.
Proof. intros s [] [] []; cbn; auto. now rewrite extreme_assoc. Qed.
Lemma join_comm : forall s a b, join s a b = join s b a.
Proof. intros s [] []; cbn; auto. now rewrite extreme_comm. Qed.
Lemma extreme_all_cons : forall env s e l, extreme_all env s (e :: l) = join s (Some (eval env e)) (extreme_all env s l).
Proof. intros. cbn. destruct (extreme_all env s l); reflexivity. Qed.
Lemma extreme_all_app : forall env s l k, extreme_all env s (l ++ k) = join s (extreme_all env s l) (extreme_all env s k).
Proof.
  induction l; intro k; [cbn; destruct (extreme_all env s k); reflexivity|].
  change ((a :: l) ++ k) with (a :: (l ++ k)). now rewrite !extreme_all_cons, IHl, join_assoc.
Qed.
Lemma insert_once_all : forall env s e l,
  extreme_all env s (insert_once e l) = join s (Some (eval env e)) (extreme_all env s l).
Proof.
  induction l; [reflexivity|]. cbn [insert_once]. destruct (order e a) eqn:O.
  - apply order_Eq in O; subst a. rewrite extreme_all_cons, join_assoc. f_equal. cbn. now rewrite extreme_same.
  - rewrite !extreme_all_cons, IHl, !join_assoc. f_equal. apply join_comm.
  - apply extreme_all_cons.
Qed.
Lemma sort_all : forall env s l, extreme_all env s (fold_right insert_once [] l) = extreme_all env s l.
Proof. induction l; [reflexivity|]. cbn [fold_right]. now rewrite insert_once_all, IHl, extreme_all_cons. Qed.
Lemma extreme_of_all : forall env s l last,
  Some (eval env (extreme_of s l last)) = join s (extreme_all env s l) (Some (eval env last)).
Proof.
  induction l; intro last; [reflexivity|]. cbn [extreme_of]. rewrite eval_extreme, extreme_all_cons, <- join_assoc, <- IHl.
  reflexivity.
Qed.
Lemma rebuild_all : forall env s l v, extreme_all env s l = Some v -> eval env (rebuild s l) = v.
Proof.
  intros env s l v H. unfold rebuild. rewrite <- sort_all in H.
  destruct (fold_right insert_once [] l) as [|e r]; [discriminate|].
  rewrite extreme_all_cons, join_comm, <- extreme_of_all in H. congruence.
Qed.
Lemma spine_all : forall env s e, extreme_all env s (spine s e) = Some (eval env e).
Proof.
  induction e; try reflexivity. cbn [spine]. destruct (eqb s largest) eqn:E; [|reflexivity].
  apply eqb_prop in E; subst. now rewrite extreme_all_app, IHe1, IHe2, eval_extreme.
Qed.

Theorem norm_value : forall env e, value env (norm e) = eval env e.
Proof.
  induction e; cbn [norm]; rewrite ?atom_value.
  - apply pnum_value.
  - rewrite value_cons, mono_cons. change (value env []) with 0. change (mono_value env []) with 1. cbn [eval]. ring.
  - rewrite padd_value; cbn [eval]; congruence.
  - rewrite pmul_value; cbn [eval]; congruence.
  - destruct (Z.leb_spec 0 n).
    + rewrite ppow_value, Z2Nat.id by auto. cbn [eval]; congruence.
    + rewrite atom_value. cbn [eval]. rewrite back_value. congruence.
  - rewrite quotient_value. cbn [eval]. congruence.
  - rewrite quotient_value. cbn [eval]. congruence.
  - cbn [eval]. rewrite !back_value. congruence.
  - apply rebuild_all. now rewrite extreme_all_app, !spine_all, !back_value, IHe1, IHe2, eval_extreme.
Qed.

(* ------------------------------------------------------------------ *)
(** * polynomial_identity: equal normal forms *)

Definition same (a b : expr) : bool := match psub (norm a) (norm b) with [] => true | _ => false end.

Lemma rule_polynomial_identity : forall env a b, same a b = true -> eval env a = eval env b.
Proof.
  intros env a b H. unfold same in H. destruct (psub (norm a) (norm b)) eqn:E; [|discriminate].
  pose proof (psub_value env (norm a) (norm b)) as V. rewrite E, !norm_value in V. change (value env []) with 0 in V. lia.
Qed.

(** What is left of a difference when multiples of the differences of equal numbers are taken from it. *)
Fixpoint without (rest : poly) (given : list (expr * expr * expr)) : poly :=
  match given with
  | [] => rest
  | (a, b, m) :: more => without (psub rest (pmul (norm m) (psub (norm b) (norm a)))) more
  end.
Fixpoint equations (env : list Z) (given : list (expr * expr * expr)) : Prop :=
  match given with [] => True | (a, b, _) :: more => eval env a = eval env b /\ equations env more end.

Lemma without_value : forall env given rest, equations env given -> value env (without rest given) = value env rest.
Proof.
  intros env. induction given as [|[[a b] m] more IH]; intros rest E; [reflexivity|].
  destruct E as [E A]. cbn [without]. rewrite IH by exact A.
  rewrite psub_value, pmul_value, psub_value, !norm_value, E. lia.
Qed.

Lemma rule_linear_equal : forall env a b given, equations env given ->
  match without (psub (norm b) (norm a)) given with [] => true | _ => false end = true -> eval env a = eval env b.
Proof.
  intros env a b given E H. destruct (without (psub (norm b) (norm a)) given) eqn:W; [|discriminate].
  pose proof (without_value env given (psub (norm b) (norm a)) E) as V.
  rewrite W, psub_value, !norm_value in V. change (value env []) with 0 in V. lia.
Qed.
