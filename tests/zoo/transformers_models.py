"""The models of transformers, made small by their configurations: few layers, few features, few words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

from tests.zoo.models import Model, Sizes, Zoo

__all__ = ["TRANSFORMERS"]

#: Models with more parameters are left out: their configurations have no names by which they are made small.
MOST_PARAMETERS = 150_000_000

#: How many words come in, and how many the decoder of two parts reads.
WORDS, FURTHER = 24, 9

#: Small numbers for what configurations call their sizes, where they have a number for it.
LAYERS = dict.fromkeys((
    "num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers", "decoder_layers", "num_decoder_layers",
    "num_encoder_layers", "depth", "num_hidden_groups",
), 2)  # fmt: skip
SMALL = {
    **LAYERS,
    **dict.fromkeys(("hidden_size", "d_model", "n_embd", "dim", "embedding_size", "emb_dim", "embed_dim"), 64),
    **dict.fromkeys((
        "num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads", "decoder_attention_heads",
    ), 4),
    **dict.fromkeys(("intermediate_size", "encoder_ffn_dim", "decoder_ffn_dim", "d_ff", "ffn_dim", "hidden_dim", "n_inner"), 96),
    "num_key_value_heads": 2, "head_dim": 16, "d_kv": 16, "vocab_size": 100, "moe_intermediate_size": 48, "num_experts": 4,
    "num_experts_per_tok": 2, "n_routed_experts": 4, "num_local_experts": 4, "n_shared_experts": 1, "kv_lora_rank": 16,
    "q_lora_rank": 24, "qk_rope_head_dim": 8, "qk_nope_head_dim": 16, "v_head_dim": 16, "n_group": 1, "topk_group": 1,
    "first_k_dense_replace": 1, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "max_position_embeddings": 128,
    "n_positions": 128, "max_source_positions": 50, "max_target_positions": 64, "rotary_dim": 8,
}  # fmt: skip


@cache
def _transformers() -> Any:
    """The package, which imports torchvision; that may be there without its compiled operators."""
    from symnet.frontends.torch import with_operators

    with_operators(lambda: import_module("torchvision"))
    package = import_module("transformers")
    package.logging.set_verbosity_error()
    return package


@cache
def _classes() -> dict[str, str]:
    """The classes of models, each with the type of its configuration: the plain one first, then those with a head."""
    auto = import_module("transformers.models.auto.modeling_auto")
    tables = [
        getattr(auto, f"MODEL_{part}MAPPING_NAMES")
        for part in ("", "FOR_CAUSAL_LM_", "FOR_MASKED_LM_", "FOR_SEQ_TO_SEQ_CAUSAL_LM_", "FOR_IMAGE_CLASSIFICATION_")
    ]
    found: dict[str, str] = {}
    for table in tables:
        for kind, names in table.items():
            for name in names if isinstance(names, tuple | list) else (names,):
                found.setdefault(name, kind)
    return found


def _names() -> Sequence[str]:
    _transformers()
    return list(_classes())


def _family(name: str) -> str:
    _transformers()
    return _classes()[name]


def _build(name: str) -> Model:
    import torch

    package = _transformers()
    kind = getattr(package, name)
    settings = _small(kind.config_class)
    with torch.device("meta"):
        try:
            held = sum(one.numel() for one in kind(settings).parameters())
        except Exception:  # noqa: BLE001  # code that calculates with numbers while it builds
            held = 0
    if held > MOST_PARAMETERS:
        raise OverflowError(f"{held:,} parameters")
    module = kind(settings).eval()
    reads = signature(module.forward).parameters
    main = module.main_input_name
    inputs: dict[str, Sizes] = {main: _sizes(main, settings)}
    letters: dict[str, Sizes] = {main: ("T",) if inputs[main] == (WORDS,) else inputs[main]}
    if "decoder_input_ids" in reads and getattr(settings, "is_encoder_decoder", False):
        inputs["decoder_input_ids"], letters["decoder_input_ids"] = (FURTHER,), ("U",)
    usual = {"T": WORDS, "U": FURTHER}
    symbols = {size for sizes in letters.values() for size in sizes if isinstance(size, str)}
    return Model(
        module, inputs, letters if symbols else None, {name: usual[name] for name in sorted(symbols)},
        frozenset(name for name in inputs if name.endswith("ids")),
    )  # fmt: skip


def _small(kind: Any) -> Any:
    """A small configuration; with few layers only, where its numbers depend on each other."""
    defaults = {
        name: one.default
        for name, one in signature(kind.__init__).parameters.items()
        if one.default is not Parameter.empty
    }
    plain = kind()
    for chosen in (SMALL, LAYERS):
        given = {}
        for name, default in defaults.items():
            name = name if name in chosen else getattr(kind, "attribute_map", {}).get(name, name)
            if (
                name in chosen
                and name in defaults
                and (type(getattr(plain, name, default)) is int or name == "pad_token_id")
            ):
                given[name] = chosen[name]
        try:
            return kind(**given)
        except Exception:  # noqa: BLE001  # sizes that do not fit each other
            continue
    return plain


def _sizes(name: str, settings: Any) -> Sizes:
    """The sizes of an input by its name."""
    if name == "input_ids":
        return (WORDS,)
    if name == "pixel_values":
        vision = getattr(settings, "vision_config", settings)
        size = getattr(vision, "image_size", 224)
        height, width = size if isinstance(size, tuple | list) else (size, size)
        channels = getattr(vision, "num_channels", 3)
        return (channels if isinstance(channels, int) else 3, height, width)
    if name == "input_values":
        if hasattr(settings, "num_mel_bins") and hasattr(settings, "max_length"):
            return (settings.max_length, settings.num_mel_bins)
        return (8000,)
    if name == "input_features":
        if hasattr(settings, "max_source_positions") and hasattr(settings, "num_mel_bins"):
            return (settings.num_mel_bins, 2 * settings.max_source_positions)
        bins = getattr(
            settings,
            "num_mel_bins",
            getattr(settings, "input_feat_per_channel", getattr(settings, "feature_projection_input_dim", 80)),
        )
        return (128, bins)
    raise LookupError(f"what its input {name} is")


TRANSFORMERS = Zoo("transformers", "transformers", _names, _family, _build)
