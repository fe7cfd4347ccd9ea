(* Programs.v: counts and long terms by name, and evaluation in an abstract domain (intervals, progressions), proven
   right once for every domain whose operations are. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Reflect Signs.
Import ListNotations.
Open Scope Z_scope.

(* ------------------------------------------------------------------ *)
(** * Definitions: the values of an environment that stand for counts or for terms *)

Inductive definition := Counted (long kernel dilation stride : expr) | Indexed (shape : list expr) | Written (e : expr).

Definition stands (env : list Z) (d : definition) : Z :=
  match d with
  | Counted l f g s => Windows (eval env l) (eval env f) (eval env g) (eval env s)
  | Indexed shape => Entries (map (eval env) shape)
  | Written e => eval env e
  end.

(** The values from place k on are those of the definitions, in order. *)
Fixpoint defined (env : list Z) (k : nat) (ds : list definition) : Prop :=
  match ds with [] => True | d :: r => nth k env 0 = stands env d /\ defined env (S k) r end.

Lemma Entries_product : forall shape, Entries shape = fold_right (fun d r => Z.max d 0 * r) 1 shape.
Proof.
  induction shape as [|d r IH]; [reflexivity|]. unfold Entries in *. cbn [indices fold_right].
  rewrite map_length, prod_length, Nat2Z.inj_mul, IH, below_length. f_equal. lia.
Qed.

(* ------------------------------------------------------------------ *)
(** * Abstract domains *)

Record operations (A : Type) := Operations {
  number : Z -> A; nothing : A; plus_in : A -> A -> A; times_in : A -> A -> A; power_in : A -> Z -> A;
  over_in : A -> A -> A; rest_in : A -> A -> A; extreme_in : bool -> A -> A -> A; windows_in : A -> A -> A -> A -> A }.
Arguments number {A}. Arguments nothing {A}. Arguments plus_in {A}. Arguments times_in {A}. Arguments power_in {A}.
Arguments over_in {A}. Arguments rest_in {A}. Arguments extreme_in {A}. Arguments windows_in {A}.

(** What holds of all values that an abstract value [stands for]. *)
Record right {A : Type} (o : operations A) (rep : A -> Z -> Prop) : Prop := Right {
  right_number : forall n, rep (number o n) n;
  right_nothing : forall v, rep (nothing o) v;
  right_plus : forall a b x y, rep a x -> rep b y -> rep (plus_in o a b) (x + y);
  right_times : forall a b x y, rep a x -> rep b y -> rep (times_in o a b) (x * y);
  right_power : forall a x n, rep a x -> rep (power_in o a n) (x ^ n);
  right_over : forall a b x y, rep a x -> rep b y -> rep (over_in o a b) (x / y);
  right_rest : forall a b x y, rep a x -> rep b y -> rep (rest_in o a b) (x mod y);
  right_extreme : forall s a b x y, rep a x -> rep b y -> rep (extreme_in o s a b) (extreme s x y);
  right_windows : forall a b c d x y z w, rep a x -> rep b y -> rep c z -> rep d w ->
    rep (windows_in o a b c d) (Windows x y z w) }.

Section domain.
Context {A : Type} (o : operations A).

Definition minus_in (a : A) : A := times_in o (number o (-1)) a.

Fixpoint abstract (env : list A) (e : expr) : A :=
  match e with
  | Num n => number o n
  | Var i => nth i env (nothing o)
  | Add a b => plus_in o (abstract env a) (abstract env b)
  | Mul a b => times_in o (abstract env a) (abstract env b)
  | Pow a n => power_in o (abstract env a) n
  | Div a b => over_in o (abstract env a) (abstract env b)
  | Ceil a b => minus_in (over_in o (minus_in (abstract env a)) (abstract env b))
  | Mod a b => rest_in o (abstract env a) (abstract env b)
  | Extreme s a b => extreme_in o s (abstract env a) (abstract env b)
  end.
Definition entries_in (shape : list A) : A :=
  fold_right (fun d r => times_in o (extreme_in o true d (number o 0)) r) (number o 1) shape.
Definition stands_in (env : list A) (d : definition) : A :=
  match d with
  | Counted l f g s => windows_in o (abstract env l) (abstract env f) (abstract env g) (abstract env s)
  | Indexed shape => entries_in (map (abstract env) shape)
  | Written e => abstract env e
  end.
(** The abstract values of the definitions, after those of the letters. *)
Fixpoint run (env : list A) (ds : list definition) : list A :=
  match ds with [] => env | d :: r => run (env ++ [stands_in env d]) r end.

Context (rep : A -> Z -> Prop) (R : right o rep).

(** [env] has an abstract value for each value, as far as it goes. *)
Definition follows_in (env : list A) (values : list Z) : Prop :=
  forall i, (i < length env)%nat -> rep (nth i env (nothing o)) (nth i values 0).

Lemma minus_ok : forall a x, rep a x -> rep (minus_in a) (- x).
Proof. intros. unfold minus_in. replace (- x) with (-1 * x) by ring. apply R; auto. apply R. Qed.

Lemma abstract_ok : forall env values, follows_in env values -> forall e, rep (abstract env e) (eval values e).
Proof.
  intros env values E. induction e; cbn [abstract eval]; try (apply R; auto; fail).
  - destruct (Nat.lt_ge_cases i (length env)); [auto|]. rewrite (nth_overflow env) by auto. apply R.
  - unfold cdiv. apply minus_ok. apply R; auto using minus_ok.
  - replace (if largest then Z.max (eval values e1) (eval values e2) else Z.min (eval values e1) (eval values e2))
      with (extreme largest (eval values e1) (eval values e2)) by (destruct largest; reflexivity).
    apply R; auto.
Qed.
Lemma entries_ok : forall env values, follows_in env values -> forall shape,
  rep (entries_in (map (abstract env) shape)) (Entries (map (eval values) shape)).
Proof.
  intros env values E shape. rewrite Entries_product. induction shape as [|d r IH]; cbn; [apply R|].
  apply R; auto. apply (right_extreme _ _ R true); [now apply abstract_ok | apply R].
Qed.
Lemma stands_ok : forall env values, follows_in env values -> forall d, rep (stands_in env d) (stands values d).
Proof.
  intros env values E [] ; cbn [stands_in stands].
  - apply R; now apply abstract_ok.
  - now apply entries_ok.
  - now apply abstract_ok.
Qed.
Lemma run_ok : forall ds env values, follows_in env values -> defined values (length env) ds ->
  follows_in (run env ds) values.
Proof.
  induction ds as [|d r IH]; intros env values E D; cbn [run defined] in *; auto.
  destruct D as [D1 D2]. apply IH.
  - intros i L. rewrite app_length in L. cbn in L. destruct (Nat.lt_ge_cases i (length env)) as [B|B].
    + rewrite app_nth1 by auto. auto.
    + replace i with (length env) by lia. rewrite nth_middle, D1. now apply stands_ok.
  - rewrite app_length. cbn. now rewrite Nat.add_1_r.
Qed.
End domain.

(* ------------------------------------------------------------------ *)
(** * Bounds of letters: propositions n <= x and x <= n *)

Definition range := (option Z * option Z)%type.
Definition within (r : range) (v : Z) : Prop :=
  match fst r with Some l => l <= v | None => True end /\ match snd r with Some h => v <= h | None => True end.

Definition larger_of (a b : option Z) := match a, b with Some x, Some y => Some (Z.max x y) | Some x, None => Some x | None, y => y end.
Definition smaller_of (a b : option Z) := match a, b with Some x, Some y => Some (Z.min x y) | Some x, None => Some x | None, y => y end.

Fixpoint ends (given : list prop) (i : nat) : range :=
  match given with
  | [] => (None, None)
  | PLe (Num n) (Var j) :: r => let e := ends r i in if Nat.eqb i j then (larger_of (Some n) (fst e), snd e) else e
  | PLe (Var j) (Num n) :: r => let e := ends r i in if Nat.eqb i j then (fst e, smaller_of (Some n) (snd e)) else e
  | _ :: r => ends r i
  end.
Fixpoint every_one (env : list Z) (given : list prop) : Prop :=
  match given with [] => True | p :: r => meaning env p /\ every_one env r end.
Lemma every_one_app : forall env a b, every_one env a -> every_one env b -> every_one env (a ++ b).
Proof. induction a; cbn; tauto || (intros; intuition). Qed.
Lemma ends_ok : forall env given i, every_one env given -> within (ends given i) (nth i env 0).
Proof.
  induction given as [|p r IH]; intros i H; [split; exact I|]. destruct H as [P H]. specialize (IH i H).
  destruct p; cbn [ends]; auto. destruct a; auto; destruct b; auto; cbn [meaning eval] in P.
  - destruct (Nat.eqb_spec i i0) as [->|]; auto. destruct (ends r i0) as [[l|] h]; unfold within in *; cbn in *; split; try tauto; lia.
  - destruct (Nat.eqb_spec i i0) as [->|]; auto. destruct (ends r i0) as [l [h|]]; unfold within in *; cbn in *; split; try tauto; lia.
Qed.
