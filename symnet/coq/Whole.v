(* Whole.v: a long derivation at once. Its counts and its goals are data; all goals are checked by one evaluation. *)
Require Import ZArith Lia List Bool.
From Symnet Require Import Symnet Reflect Signs Programs Progressions Cases.
Import ListNotations.
Open Scope Z_scope.

(** How emitted data write a place: a numeral of type nat is as long as its value. *)
Definition At (place : Z) : expr := Var (Z.to_nat place).

Definition padded (place p f g s : Z) : definition :=
  Counted (Add (At place) (Mul (Num 2) (Num p))) (Num f) (Num g) (Num s).
Definition numbers (shape : list Z) : definition := Indexed (map Num shape).
Definition size_is (place n : Z) : prop := PEq (At place) (Num n).

(** One letter on a progression, the other ones unknown. *)
Definition only (letters i : nat) (piece : floored) : list floored :=
  map (fun j => if Nat.eqb j i then piece else Stuck Points) (seq 0 letters).
Definition environment (letters i : nat) (ds : list definition) (M r low : Z) (high : option Z) : list floored :=
  run (progression low high) (only letters i (match high with
    | Some h => if h =? low then exactly (M * low + r) else Known [r; M] 1 | None => Known [r; M] 1 end)) ds.

(** For each used letter with a lower end what is so from there on; [letters] itself is no letter: what is so for all. *)
Definition runs (letters : nat) (used : list nat) (given : list prop) (ds : list definition) : list (nat * Z * list floored) :=
  match used with
  | [] => [(letters, 0, environment letters letters ds 1 0 0 None)]
  | _ => flat_map (fun i => match fst (ends given i) with
                            | Some low => [(i, low, environment letters i ds 1 0 low None)]
                            | None => [] end) used
  end.
Definition shown_by (letters : nat) (ds : list definition) (g : prop) (split : bool) (r : nat * Z * list floored) : bool :=
  let '(i, low, env) := r in
  if split then solve 60 (fun M r low high => truth low high (environment letters i ds M r low high) g) 1 0 low None
  else is_yes (truth low None env g).
(** A goal that is not decided at once is decided by splitting. *)
Definition all_shown (letters : nat) (used : list nat) (given : list prop) (ds : list definition) (goals : list prop) : bool :=
  let found := runs letters used given ds in
  forallb (fun g => if existsb (shown_by letters ds g false) found then true
                    else existsb (shown_by letters ds g true) found) goals.

(** The goals hold whatever the letters are, as long as they keep what is given and the rest is as defined. *)
Definition proven (letters : nat) (given : list prop) (ds : list definition) (goals : list prop) : Prop :=
  forall values, defined values letters ds -> every_one values given -> every_one values goals.

Lemma environment_ok : forall letters i ds values M r low high t, defined values letters ds ->
  inside low high t -> ((i < letters)%nat -> nth i values 0 = M * t + r) ->
  follows_in (progression low high) (is_floored t) (environment letters i ds M r low high) values.
Proof.
  intros letters i ds values M r low high t D I E. unfold environment. set (piece := match high with Some _ => _ | None => _ end).
  assert (P : (i < letters)%nat -> is_floored t piece (nth i values 0)).
  { intro L. rewrite (E L). assert (K : is_floored t (Known [r; M] 1) (M * t + r)) by (split; [lia|]; cbn [horner]; rewrite Z.div_1_r; ring).
    unfold piece. destruct I as [I1 I2]. destruct high as [h|]; auto. destruct (Z.eqb_spec h low); auto.
    replace t with low by lia. apply exactly_ok. }
  clearbody piece. unfold only. set (f := fun j => if Nat.eqb j i then piece else Stuck Points).
  apply run_ok; [now apply progression_right| |now rewrite map_length, seq_length].
  intros j L. rewrite map_length, seq_length in L. rewrite (nth_indep _ _ (f O)) by now rewrite map_length, seq_length.
  rewrite map_nth, seq_nth by auto. cbn [Nat.add]. unfold f. destruct (Nat.eqb_spec j i) as [->|]; [auto | exact Logic.I].
Qed.
Lemma whole_derivation : forall letters used given ds goals, all_shown letters used given ds goals = true ->
  proven letters given ds goals.
Proof.
  intros letters used given ds goals H values D Gv. unfold all_shown in H.
  assert (R : forall i low env, In (i, low, env) (runs letters used given ds) ->
    env = environment letters i ds 1 0 low None /\ exists t, low <= t /\ ((i < letters)%nat -> nth i values 0 = t)).
  { intros i low env I. unfold runs in I. destruct used as [|u us].
    - destruct I as [E|[]]. injection E as <- <- <-. split; auto. exists 0. split; [lia|]. intro. lia.
    - apply in_flat_map in I as [j [Lj I]]. pose proof (ends_ok values given j Gv) as [W _].
      destruct (fst (ends given j)) as [l|]; [|destruct I]. destruct I as [E|[]]. injection E as <- <- <-.
      split; auto. exists (nth j values 0). auto. }
  assert (S : forall g split r, In r (runs letters used given ds) -> shown_by letters ds g split r = true -> meaning values g).
  { intros g split [[i low] env] I B. destruct (R i low env I) as [-> [t [L E]]]. unfold shown_by in B. destruct split.
    - refine (solve_ok _ (fun z => z = t -> meaning values g) _ _ _ _ _ _ B t (conj L Logic.I) _); [|ring].
      intros M r lo hi u U Y Z. pose proof (environment_ok letters i ds values M r lo hi u D U) as F.
      pose proof (truth_ok lo hi u U _ values (F ltac:(intro; rewrite E by auto; lia)) g) as T. now rewrite Y in T.
    - assert (U : inside low None t) by (split; [auto | exact Logic.I]).
      pose proof (environment_ok letters i ds values 1 0 low None t D U) as F.
      pose proof (truth_ok low None t U _ values (F ltac:(intro; rewrite E by auto; ring)) g) as T.
      destruct (truth _ _ _ g); try discriminate. exact T. }
  induction goals as [|g r IH]; [exact I|]. cbn [forallb] in H. apply andb_true_iff in H as [H1 H2]. split; [|now apply IH].
  destruct (existsb (shown_by letters ds g false) _) eqn:Q.
  - apply existsb_exists in Q as [x [In1 Y]]. now apply (S g false x).
  - apply existsb_exists in H1 as [x [In1 Y]]. now apply (S g true x).
Qed.
