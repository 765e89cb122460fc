"""The writer's pieces: a cased byte-level BPE, so that every text can be copied exactly, whatever is in it.

Digits stand alone: a number is copied digit by digit, never as a piece that resembles another number.
"""

from collections.abc import Iterable

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from copilot.drafting.numbered import CONTROLS, MARKS

PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"


def learn(texts: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of `size` pieces, marks and controls among them."""
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(CONTROLS) - len(MARKS),
        special_tokens=[PAD, END, UNKNOWN],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens([AddedToken(text, lstrip=True, rstrip=True) for text in CONTROLS])
    # Marks are part of the reply, so decoding keeps them; the spaces around them go, so that a fact's first piece is
    # the same in the source and in the reply.
    tokenizer.add_tokens([AddedToken(text, lstrip=True, rstrip=True, normalized=False) for text in MARKS])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", special_tokens=[(END, tokenizer.token_to_id(END))]
    )
    return tokenizer
