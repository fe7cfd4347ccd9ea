"""The kinds of faults that importers had once, and the tests that hold them: each is there, and asks for the right value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

#: What went wrong, and the tests of it by file.
TESTS = {
    "a symbolic size becomes the number it was tried with": {
        "torch/test_size_code.py": "test_sizes_that_code_computes test_a_loop_over_a_size_fixes_it",
        "torch/test_sizes.py": "test_every_method_of_int test_every_method_of_float test_every_function_of_the_library test_numpy",
        "torch/test_size_arithmetic.py": "test_arithmetic_of_sizes test_much_arithmetic_of_sizes",
    },
    "-1 in a reshape is taken for the batch": {
        "torch/test_batch_code.py": "test_code_that_merges_the_batch test_much_code_that_merges_the_batch",
        "torch/test_tensor_code.py": "test_windows_ask_for_multiples_and_all_of_them_work test_attention_of_windows_costs_all_windows",
    },
    "multiply-adds of a recurrent layer count again for each state": {
        "torch/test_tensor_code.py": "test_recurrent_work_counts_once",
        "keras/test_states_and_masks.py": "test_states_cost_nothing_again",
    },
    "reflected products, arrays without a batch, tensors as arguments, interpolation of a parameter, values and indices": {
        "torch/test_tensor_code.py": "test_what_code_does_with_tensors",
        "torch/test_calls.py": "test_what_is_read",
        "torch/test_functions.py": "test_no_function_is_read_wrongly test_arguments_by_name_and_by_position_are_the_same_call",
    },
    "the stand-in batch leaks, or is handled unevenly": {
        "torch/test_tensor_code.py": "test_what_code_does_with_tensors",
        "torch/test_sizes.py": "test_the_batch_is_never_a_number",
        "torch/test_size_code.py": "test_the_batch_is_not_counted",
        "torch/test_batch_dim.py": "test_the_batch_is_the_dimension_that_is_said",
    },
    "a letter meets a fixed size without a hypothesis": {
        "torch/test_tensor_code.py": "test_letters_that_meet_fixed_sizes_are_those",
        "torch/test_calls.py": "test_the_rules_for_numbers_are_hypotheses_for_letters",
        "torch/test_open_sizes.py": "test_every_size_is_torchs_or_left_out",
    },
    "accepted where torch raises": {
        "torch/test_calls.py": "test_what_torch_refuses",
        "torch/test_functions.py": "test_what_torch_refuses_is_refused",
    },
    "a value that is computed and not returned becomes an output": {
        "torch/test_tensor_code.py": "test_what_is_computed_and_not_returned_is_no_output",
    },
    "Python's own errors are shown": {
        "torch/test_tensor_code.py": "test_errors_name_the_line_of_the_code",
        "torch/test_modules.py": "test_what_is_not_understood_is_one_line",
    },
    "the user's model is changed": {
        "torch/test_untouched.py": "test_a_model_that_stores_things_is_as_before test_a_model_is_as_before_when_it_is_refused_too",
    },
    "a table is shorter than the usual size": {
        "torch/test_size_code.py": "test_other_ways_are_tried_where_the_usual_size_leads_nowhere",
    },
    "rows of a table beyond its end": {
        "torch/test_index_numbers.py": "test_rows_by_numbers_that_are_worked_out test_numbers_drawn_at_random",
    },
    "an equation of two inputs is not in closed form": {
        "torch/test_size_code.py": "test_an_equation_of_two_inputs_is_one_in_closed_form",
    },
    "a layer that is shared across nesting levels counts once a level": {
        "keras/test_graphs.py": "test_a_layer_on_several_levels_counts_once test_layers_of_one_name_on_several_levels_are_several",
    },
    "LoRA and quantized layers count wrongly": {
        "keras/test_graphs.py": "test_adapters_count test_other_quantizations_are_refused_by_name",
    },
    "masks and first states are refused": {
        "keras/test_states_and_masks.py": "test_a_mask_changes_nothing test_an_encoder_and_a_decoder_that_begins_with_its_states",
    },
    "what TensorFlow refuses to run is not said": {
        "keras/test_states_and_masks.py": "test_what_tensorflow_refuses_to_compute_is_noted",
    },
    "--opaque does not work on files": {
        "keras/test_states_and_masks.py": "test_a_file_with_a_layer_of_an_own_class",
        "keras/test_graphs.py": "test_operations_are_opaque_in_a_file_too",
    },
    "numbers are not rounded, divided or cast as the runtime does": {
        "onnx/test_size_arithmetic.py": "test_rounding_is_half_to_even test_division_and_casts_truncate "
        "test_remainders_have_the_sign_of_their_operator test_a_resize_by_a_scale_is_worked_out_in_single_precision "
        "test_random_arithmetic test_much_random_arithmetic",
        "onnx/test_operators.py": "test_transposed_convolution",
    },
    "parameters of an ONNX file count in part, twice or not at all": {
        "onnx/test_weights.py": "test_a_table_of_positions_counts_whole_however_much_of_it_is_read "
        "test_weights_that_are_computed_together_count_each test_parts_of_an_array_count_it_once "
        "test_a_matrix_and_its_transpose_are_one test_arrays_that_are_operands",
    },
    "branches that read outer values, graphs without outputs, names that are no identifiers": {
        "onnx/test_errors.py": "test_a_branch_may_read_or_give_what_stands_outside test_a_model_without_an_output "
        "test_names_of_dimensions",
    },
    "invalid files are accepted": {
        "onnx/test_errors.py": "test_an_output_whose_declared_size_contradicts_its_operator",
        "onnx/test_further_operators.py": "test_what_depends_on_values_is_refused_in_words",
    },
}


@pytest.mark.parametrize("fault", TESTS)
def test_the_tests_of_a_kind_of_fault_are_there(fault: str) -> None:
    for file, names in TESTS[fault].items():
        text = (Path(__file__).parent / file).read_text(encoding="utf-8")
        missing = [name for name in names.split() if not re.search(rf"^def {name}\(", text, re.MULTILINE)]
        assert not missing, f"{file} has no {missing}"
