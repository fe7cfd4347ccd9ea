(* Stacks.v: the closed form of a stack of layers whose hyper-parameters are letters. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Reflect Whole.
Import ListNotations.
Open Scope Z_scope.

(** Padding is on both sides together. [reach] is what a window needs, [shift] what the layer adds before it divides. *)
Record layer := Layer { kernel : expr; dilation : expr; stride : expr; padding : expr; reach : expr; shift : expr }.
Definition wrong_layer : list layer := [Layer (Num 0) (Num 0) (Num 0) (Num 0) (Num 0) (Num 0)].
Definition layers_of := read wrong_layer.

Section stack.
Variable v : list Z. (* the letters *)

Definition counted (l : layer) (W : Z) : Z :=
  Windows (W + eval v (padding l)) (eval v (kernel l)) (eval v (dilation l)) (eval v (stride l)).
Fixpoint counted_all (ls : list layer) (W : Z) : Z := match ls with [] => W | l :: r => counted_all r (counted l W) end.

(** What is given: the signs of the letters, and that each window fits. *)
Definition positive (l : layer) : Prop := 1 <= eval v (kernel l) /\ 1 <= eval v (dilation l) /\ 1 <= eval v (stride l).
Fixpoint fit (ls : list layer) (W : Z) : Prop :=
  match ls with [] => True | l :: r => eval v (reach l) <= W + eval v (padding l) /\ fit r (counted l W) end.

(** The closed form, a_1 + (a_2 + (...) * S_2) * S_1 over S_1 * (S_2 * ...). *)
Fixpoint shift_all (ls : list layer) : Z :=
  match ls with [] => 0 | l :: r => match r with [] => eval v (shift l) | _ => eval v (shift l) + shift_all r * eval v (stride l) end end.
Fixpoint stride_all (ls : list layer) : Z :=
  match ls with [] => 1 | l :: r => match r with [] => eval v (stride l) | _ => eval v (stride l) * stride_all r end end.
End stack.

Definition consistent (l : layer) : bool :=
  same (reach l) (Add (Mul (dilation l) (Add (kernel l) (Num (-1)))) (Num 1))
  && same (shift l) (Add (Add (padding l) (Mul (Num (-1)) (reach l))) (stride l)).

Lemma stride_positive : forall v ls, Forall (positive v) ls -> 1 <= stride_all v ls.
Proof.
  induction 1 as [|l r P _ IH]; cbn [stride_all]; [lia|]. destruct P as [_ [_ P]]. destruct r; [exact P | nia].
Qed.
Lemma counted_affine : forall v l W, consistent l = true -> positive v l -> eval v (reach l) <= W + eval v (padding l) ->
  counted v l W = (W + eval v (shift l)) / eval v (stride l).
Proof.
  intros v l W C [K [D P]] H. apply andb_true_iff in C as [C1 C2].
  apply (rule_polynomial_identity v) in C1. apply (rule_polynomial_identity v) in C2. cbn [eval] in C1, C2.
  unfold counted. rewrite rule_window_count by lia. rewrite rule_floor_shift by lia. f_equal. lia.
Qed.
Theorem letters_closed : forall ls, forallb consistent ls = true -> forall v W, Forall (positive v) ls -> fit v ls W ->
  counted_all v ls W = (W + shift_all v ls) / stride_all v ls.
Proof.
  induction ls as [|l r IH]; intros C v W P H; [cbn; rewrite Z.add_0_r, Z.div_1_r; reflexivity|].
  cbn [forallb] in C. apply andb_true_iff in C as [C1 C2]. inversion P as [|l' r' P1 P2 E]; subst. destruct H as [H1 H2].
  pose proof (stride_positive v r P2) as N. specialize (IH C2 v (counted v l W) P2 H2). cbn [counted_all].
  pose proof (counted_affine v l W C1 P1 H1) as A. destruct P1 as [_ [_ S1]]. destruct r as [|l2 r].
  - cbn [counted_all shift_all stride_all] in *. exact A.
  - set (b := shift_all v (l2 :: r)) in *. set (n := stride_all v (l2 :: r)) in *.
    change (shift_all v (l :: l2 :: r)) with (eval v (shift l) + b * eval v (stride l)).
    change (stride_all v (l :: l2 :: r)) with (eval v (stride l) * n).
    exact (rule_floor_nest W _ _ (eval v (shift l)) b (eval v (stride l)) n _ _ _ S1 N eq_refl eq_refl eq_refl A IH).
Qed.
