"""A tokenizer that is made on the spot."""

from __future__ import annotations

from typing import Any


def tokenizer(template: str | None = None) -> Any:
    """Return a tokenizer of bytes with the marks of ChatML, made here: nothing is fetched.

    Every text comes back as it was, and no two texts have the same tokens.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(letters)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=["<|im_start|>"],
        clean_up_tokenization_spaces=False,
    )
    if template:
        fast.chat_template = template
    return fast
