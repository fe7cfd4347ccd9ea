(* Whole.v: a long derivation at once. What it counts and what it claims are rows; a row is a line of a table, put into
   the rows of its kind; all claims are checked by one evaluation. *)
Require Import ZArith Lia List Bool.
Require Coq.Init.Byte.
From Symnet Require Import Symnet Reflect Signs Programs Progressions Cases.
Import ListNotations.
Open Scope Z_scope.

(* ------------------------------------------------------------------ *)
(** * Rows: a quantity that is defined, or a claim under what is given for it *)

Inductive row := Let (d : definition) | Claim (pass : nat) (p : prop).

(** Places: the letters, then the quantities, the last one first. *)
Fixpoint holds (given : list (list prop)) (letters counted : list Z) (rows : list row) : Prop :=
  match rows with
  | [] => True
  | Let d :: r => holds given letters (stands (letters ++ counted) d :: counted) r
  | Claim k p :: r => (every_one letters (nth k given []) -> meaning (letters ++ counted) p) /\ holds given letters counted r
  end.
(** The claims hold whatever the letters are. *)
Definition proven (letters : nat) (given : list (list prop)) (rows : list row) : Prop :=
  forall values, length values = letters -> holds given values [] rows.

(* ------------------------------------------------------------------ *)
(** * The table: lines of integers, after the number of their kind, where it changes: "2: 17 -4" *)

(** A text of eight characters each, no other one is read: Coq reads it several times faster than numerals. *)
Inductive text := Blank | Text (a b c d e f g h : Byte.byte) (rest : text).
Fixpoint text_of (bytes : list Byte.byte) : option text :=
  match bytes with
  | [] => Some Blank
  | a :: b :: c :: d :: e :: f :: g :: h :: r => option_map (Text a b c d e f g h) (text_of r)
  | _ => None
  end.
Fixpoint bytes_of (t : text) : list Byte.byte :=
  match t with Blank => [] | Text a b c d e f g h r => a :: b :: c :: d :: e :: f :: g :: h :: bytes_of r end.
Declare Scope table_scope.
Delimit Scope table_scope with table.
Bind Scope table_scope with text.
String Notation text text_of bytes_of : table_scope.

Definition digit (b : Byte.byte) : option Z :=
  match b with
  | Byte.x30 => Some 0 | Byte.x31 => Some 1 | Byte.x32 => Some 2 | Byte.x33 => Some 3 | Byte.x34 => Some 4
  | Byte.x35 => Some 5 | Byte.x36 => Some 6 | Byte.x37 => Some 7 | Byte.x38 => Some 8 | Byte.x39 => Some 9 | _ => None
  end.
(** The number that is being read: its sign, and its value once there is a digit. *)
Definition ended (sign : Z) (value : option Z) (line : list Z) : list Z :=
  match value with Some v => sign * v :: line | None => line end.
(** Each line as its kind and its numbers. *)
Fixpoint lines (bytes : list Byte.byte) (kind sign : Z) (value : option Z) (line : list Z) : list (Z * list Z) :=
  match bytes with
  | [] => [(kind, rev (ended sign value line))]
  | b :: r => match digit b, b with
    | Some d, _ => lines r kind sign (Some (match value with Some v => 10 * v + d | None => d end)) line
    | None, Byte.x3a => lines r (match value with Some v => v | None => kind end) 1 None line
    | None, Byte.x2d => lines r kind (-1) None (ended sign value line)
    | None, Byte.x0a => (kind, rev (ended sign value line)) :: lines r kind 1 None []
    | None, _ => lines r kind 1 None (ended sign value line)
    end
  end.

(** What the lines stand for; a line without its kind, or with too few or too many numbers, is [wrong]. *)
Definition read {A : Type} (wrong : list A) (kinds : list (list Z -> list A)) (table : text) : list A :=
  flat_map (fun line => nth (Z.to_nat (fst line)) kinds (fun _ => wrong) (snd line)) (lines (bytes_of table) 0 1 None []).
Definition wrong : list row := [Claim 0 PFalse].
Definition rows_of := read wrong.

(** How emitted rows write a place: a numeral of type nat is as long as its value. *)
Definition At (place : Z) : expr := Var (Z.to_nat place).

(* ------------------------------------------------------------------ *)
(** * Checking *)

(** One letter on a progression, the other ones unknown. *)
Definition only (letters i : nat) (piece : floored) : list floored :=
  map (fun j => if Nat.eqb j i then piece else Stuck Points) (seq 0 letters).
Definition start (letters i : nat) (M r low : Z) (high : option Z) : list floored :=
  only letters i (match high with
    | Some h => if h =? low then exactly (M * low + r) else Known [r; M] 1 | None => Known [r; M] 1 end).
(** What is known of the claims of one pass, all together. *)
Fixpoint claims (low : Z) (high : option Z) (pass : nat) (letters counted : list floored) (rows : list row) : answer :=
  match rows with
  | [] => Yes
  | Let d :: r => claims low high pass letters (stands_in (progression low high) (letters ++ counted) d :: counted) r
  | Claim k p :: r => let rest := claims low high pass letters counted r in
      if Nat.eqb k pass then together (truth low high (letters ++ counted) p) rest else rest
  end.
(** A pass follows one letter from its least value on; [letters] itself is no letter: what is so for all. *)
Definition passed (letters : nat) (rows : list row) (pass i : nat) (given : list prop) : bool :=
  match fst (ends given i), Nat.ltb i letters with
  | None, true => false
  | least, _ => solve 60 (fun M r low high => claims low high pass (start letters i M r low high) [] rows) 1 0
                  (match least with Some low => low | None => 0 end) None
  end.
Definition all_shown (letters : nat) (followed : list nat) (given : list (list prop)) (rows : list row) : bool :=
  forallb (fun r => match r with Claim k _ => Nat.ltb k (length followed) | Let _ => true end) rows
  && forallb (fun k => passed letters rows k (nth k followed letters) (nth k given [])) (seq 0 (length followed)).

Lemma start_ok : forall letters i values M r low high t, length values = letters ->
  inside low high t -> ((i < letters)%nat -> nth i values 0 = M * t + r) ->
  Forall2 (is_floored t) (start letters i M r low high) values.
Proof.
  intros letters i values M r low high t N I E. unfold start. set (piece := match high with Some _ => _ | None => _ end).
  assert (P : (i < letters)%nat -> is_floored t piece (nth i values 0)).
  { intro L. rewrite (E L). assert (K : is_floored t (Known [r; M] 1) (M * t + r)) by (split; [lia|]; cbn [horner]; rewrite Z.div_1_r; ring).
    unfold piece. destruct I as [I1 I2]. destruct high as [h|]; auto. destruct (Z.eqb_spec h low); auto.
    replace t with low by lia. apply exactly_ok. }
  clearbody piece. unfold only. subst letters. clear E.
  assert (G : forall l a, (forall j, (j < length l)%nat -> (a + j)%nat = i -> is_floored t piece (nth j l 0)) ->
    Forall2 (is_floored t) (map (fun j => if Nat.eqb j i then piece else Stuck Points) (seq a (length l))) l).
  { induction l as [|v l IH]; intros a H; cbn [length seq map]; constructor.
    - destruct (Nat.eqb_spec a i); [|exact Logic.I]. apply (H 0%nat); cbn; lia.
    - apply IH. intros j L A. apply (H (Datatypes.S j)); cbn; lia. }
  apply G. intros j L A. cbn in A. subst j. auto.
Qed.
Lemma aligned : forall t o letters values counted abstracts, Forall2 (is_floored t) letters values ->
  Forall2 (is_floored t) abstracts counted -> follows_in o (is_floored t) (letters ++ abstracts) (values ++ counted).
Proof.
  intros t o letters values counted abstracts A B. pose proof (Forall2_app A B) as H. clear A B. intro i.
  revert i. induction H as [|a v l r H1 H IH]; intros i L; cbn in L; [lia|]. destruct i; cbn [nth]; [exact H1|]. apply IH. lia.
Qed.

(** The claims of one pass alone. *)
Fixpoint said_in (pass : nat) (letters counted : list Z) (rows : list row) : Prop :=
  match rows with
  | [] => True
  | Let d :: r => said_in pass letters (stands (letters ++ counted) d :: counted) r
  | Claim k p :: r => (k = pass -> meaning (letters ++ counted) p) /\ said_in pass letters counted r
  end.
Lemma claims_ok : forall low high pass t letters values, inside low high t -> Forall2 (is_floored t) letters values ->
  forall rows counted abstracts, Forall2 (is_floored t) abstracts counted ->
  said (claims low high pass letters abstracts rows) (said_in pass values counted rows).
Proof.
  intros low high pass t letters values I A. induction rows as [|[d|k p] r IH]; intros counted abstracts B; cbn [claims said_in].
  - exact Logic.I.
  - apply IH. constructor; auto. apply stands_ok; [now apply progression_right | now apply aligned].
  - specialize (IH counted abstracts B). destruct (Nat.eqb_spec k pass) as [E|E].
    + apply (said_iff _ (meaning (values ++ counted) p /\ said_in pass values counted r)); [tauto|].
      apply together_ok; auto. apply (truth_ok low high t I). now apply aligned.
    + revert IH. apply said_iff. tauto.
Qed.
Lemma passed_ok : forall letters rows pass i given, passed letters rows pass i given = true ->
  forall values, length values = letters -> every_one values given -> said_in pass values [] rows.
Proof.
  intros letters rows pass i given H values N G. unfold passed in H. pose proof (ends_ok values given i G) as [W _].
  assert (R : forall low t, low <= t -> ((i < letters)%nat -> nth i values 0 = t) ->
    solve 60 (fun M r low high => claims low high pass (start letters i M r low high) [] rows) 1 0 low None = true ->
    said_in pass values [] rows).
  { intros low t L E K. refine (solve_ok _ (fun z => z = t -> said_in pass values [] rows) _ _ _ _ _ _ K t (conj L Logic.I) _); [|ring].
    intros M r lo hi u U Y Z. rewrite <- Z in E. pose proof (start_ok letters i values M r lo hi u N U E) as F.
    pose proof (claims_ok lo hi pass u _ values U F rows [] [] (Forall2_nil _)) as T. now rewrite Y in T. }
  destruct (fst (ends given i)) as [low|].
  - exact (R low (nth i values 0) W (fun _ => eq_refl) H).
  - destruct (Nat.ltb_spec i letters); [discriminate|]. apply (R 0 0); auto; lia.
Qed.
Lemma whole_derivation : forall letters followed given rows, all_shown letters followed given rows = true ->
  proven letters given rows.
Proof.
  intros letters followed given rows H values N. unfold all_shown in H. apply andb_true_iff in H as [T P].
  rewrite forallb_forall in P. assert (S : forall k, (k < length followed)%nat -> every_one values (nth k given []) -> said_in k values [] rows).
  { intros k L G. apply (passed_ok letters rows k (nth k followed letters) (nth k given [])); auto. apply P, in_seq. lia. }
  clear P. revert T S. generalize (@nil Z). induction rows as [|[d|k p] r IH]; intros counted T S; cbn [holds].
  - exact I.
  - apply IH; auto.
  - cbn [forallb] in T. apply andb_true_iff in T as [K T]. apply Nat.ltb_lt in K. split.
    + intro G. now apply (S k K G).
    + apply IH; auto. intros j L G. now apply (S j L G).
Qed.
