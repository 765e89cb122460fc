"""Training the embedder: words aligned, a vocabulary that leaves English alone, batches, a run that goes on."""

from collections import Counter

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from training import corpora, start, vocabulary
from training.alignment import align
from training.card import card, licences
from training.corpora import Pair, Section
from training.mixture import mix

PHRASES = [
    ("the red bicycle", "le velo rouge"), ("the blue bicycle", "le velo bleu"), ("the red lock", "le cadenas rouge"),
    ("a blue lock", "un cadenas bleu"), ("a red saddle", "une selle rouge"), ("the blue saddle", "la selle bleue"),
]  # fmt: skip
PAIRS = [Pair("shop", english, french) for english, french in PHRASES * 3]


@pytest.fixture
def tokenizer():
    pieces = ["[PAD]", "[UNK]", "[unused0]", "猫", "the", "a", "red", "blue", "bicycle", "lock", "saddle", "ve", "##lo"]
    letters = [mark + letter for letter in "abcdefghijklmnopqrstuvwxyz" for mark in ("", "##")]
    numbered = {piece: number for number, piece in enumerate(dict.fromkeys([*pieces, *letters]))}
    made = Tokenizer(WordPiece(numbered, unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    return made


def numbered(sentences):
    names = {word: n for n, word in enumerate(dict.fromkeys(w for s in sentences for w in s.split()))}
    return list(names), [np.array([names[word] for word in sentence.split()]) for sentence in sentences]


class TestAlignment:
    def test_words_that_always_meet_translate_each_other(self):
        english, french = numbered([e for e, _ in PHRASES]), numbered([f for _, f in PHRASES])
        table = align(french[1], english[1], len(english[0]))
        best = {
            word: english[0][table.english[rows[np.argmax(table.weight[rows])]]]
            for number, word in enumerate(french[0])
            if len(rows := np.flatnonzero(table.french == number))
        }
        assert best["velo"] == "bicycle" and best["cadenas"] == "lock" and best["selle"] == "saddle"
        assert best["rouge"] == "red" and best["bleu"] == "blue"

    def test_the_shares_of_a_word_add_up_to_one(self):
        english, french = numbered([e for e, _ in PHRASES]), numbered([f for _, f in PHRASES])
        table = align(french[1], english[1], len(english[0]))
        assert np.bincount(table.french, weights=table.weight) == pytest.approx(1.0)


class TestVocabulary:
    def test_frequent_french_words_are_added_and_english_ones_are_not(self):
        french = {"a": Counter(velo=9, lock=9, rare=1), "b": Counter(velo=9, cadenas=30)}
        assert vocabulary.choose(french, Counter(lock=5), [], 10) == ["velo", "cadenas"]

    def test_a_word_of_many_sources_comes_before_one_that_a_single_manual_repeats(self):
        french = {"a": Counter(velo=6, cadenas=40), "b": Counter(velo=6), "c": Counter(velo=6)}
        assert vocabulary.choose(french, Counter(), [], 1) == ["velo"]

    def test_pieces_that_stay_keep_their_numbers_and_useless_ones_give_theirs_away(self, tokenizer):
        new = vocabulary.extend(tokenizer, ["velo", "cadenas", "selle"])
        before, after = tokenizer.get_vocab(), new.get_vocab()
        assert {after["velo"], after["cadenas"]} == {before["[unused0]"], before["猫"]}
        assert after["selle"] == len(before)
        assert all(after[piece] == number for piece, number in before.items() if piece not in ("[unused0]", "猫"))

    def test_fewer_words_than_free_places_leave_the_rest_as_it_was(self, tokenizer):
        after = vocabulary.extend(tokenizer, ["velo"]).get_vocab()
        assert len(after) == len(tokenizer.get_vocab()) and "猫" in after

    def test_accents_and_case_do_not_split_a_word_anew(self, tokenizer):
        new = vocabulary.extend(tokenizer, ["velo"])
        assert new.encode("Vélo VELO").tokens == ["velo", "velo"]

    def test_a_word_that_would_cut_english_ones_differently_is_counted(self, tokenizer):
        new = vocabulary.extend(tokenizer, ["loc"])
        uses = vocabulary.prefix_uses(new, ["loc"], Counter({"locally": 7, "lock": 9}))
        assert uses == {"loc": 7}


class TestStart:
    def test_a_new_word_starts_where_its_translation_is(self, tokenizer):
        rng = np.random.default_rng(0)
        embeddings = rng.normal(size=(len(tokenizer.get_vocab()), 16)).astype(np.float32)
        known = start.dictionary(tokenizer, PAIRS)
        new = vocabulary.extend(tokenizer, ["velo", "cadenas"])
        rows = start.rows(tokenizer, new, embeddings, known, Counter(velo=6), Counter())
        velo = rows[new.get_vocab()["velo"]]
        assert cosine(velo, embeddings[tokenizer.get_vocab()["bicycle"]]) > 0.8

    def test_a_word_nobody_translated_starts_as_its_pieces(self, tokenizer):
        embeddings = np.eye(len(tokenizer.get_vocab()), dtype=np.float32)
        new = vocabulary.extend(tokenizer, ["velo"])
        rows = start.rows(tokenizer, new, embeddings, start.Dictionary({}), Counter(), Counter())
        old = tokenizer.get_vocab()
        assert rows[new.get_vocab()["velo"]][[old["ve"], old["##lo"]]] == pytest.approx(0.5)

    def test_an_english_word_that_french_never_uses_stays_exactly(self, tokenizer):
        embeddings = np.random.default_rng(0).normal(size=(len(tokenizer.get_vocab()), 8)).astype(np.float32)
        known = start.Dictionary({"red": [("blue", 1.0)]})
        rows = start.rows(tokenizer, tokenizer, embeddings, known, Counter(), Counter(red=4))
        assert (rows == embeddings).all()


def cosine(a, b):
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


class TestMixture:
    pairs = [Pair("shop", f"sentence {n} of the shop", f"phrase {n} de la boutique") for n in range(60)]
    section = Section("guide", "fr", "Guide", "Comment changer la selle", "mot " * 20)

    def test_what_is_held_out_is_in_no_example(self):
        mixture = mix(self.pairs, [self.section], ["where is my bicycle"], seed=3)
        said = {example.text for example in mixture.examples} | {example.meaning for example in mixture.examples}
        assert len(mixture.held_out) == 6
        assert not any(pair.english in text or pair.french in text for pair in mixture.held_out for text in said)

    def test_the_same_seed_gives_the_same_mixture_and_another_one_another(self):
        def made(seed):
            return mix(self.pairs, [self.section], [], seed)

        assert made(3) == made(3) and made(3).held_out != made(4).held_out

    def test_french_texts_mean_english_ones(self):
        for example in mix(self.pairs, [], [], seed=1).examples:
            assert "phrase" not in example.meaning

    def test_headings_that_ask_nothing_are_no_questions(self):
        bare = Section("guide", "fr", "Guide", "Options", "mot " * 20)
        assert [answer.question for answer in mix(self.pairs, [self.section, bare], [], 1).answers] == [
            "Comment changer la selle"
        ]


class TestCorpora:
    def test_a_folder_without_pairs_says_so(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"no \.tsv file"):
            corpora.pairs(tmp_path)

    def test_lines_without_two_sides_are_left_out(self, tmp_path):
        (tmp_path / "a.tsv").write_text("Hello\tBonjour\nlonely\n\tvide\n", encoding="utf-8")
        assert corpora.pairs(tmp_path) == [Pair("a", "Hello", "Bonjour")]

    def test_a_request_is_read_once_whichever_source_says_it(self, tmp_path):
        for source, name in (("hwu64/trainset", "a.csv"), ("bitext-intent", "x_Training.csv")):
            (tmp_path / source).mkdir(parents=True)
            column, mark = ("answer_from_anno", ";") if name == "a.csv" else ("utterance", ",")
            (tmp_path / source / name).write_text(
                f"{column}{mark}b\nset an alarm{mark}1\nhi{mark}2\n", encoding="utf-8"
            )
        assert corpora.questions(tmp_path) == {"hwu64": ["set an alarm"], "bitext-intent": []}


class TestCard:
    def test_it_names_every_source_with_its_licence(self, tmp_path):
        (tmp_path / "LICENSES.md").write_text("| file | licence |\n|---|---|\n| shop.tsv | MIT |\n", encoding="utf-8")
        log = [{"eval_twins": 0.5, "eval_english": 0.9}, {"loss": 1.0}, {"eval_twins": 0.975, "eval_english": 0.98}]
        known = licences([tmp_path])
        text = card("tiny", FakeRecipe(), {"Pairs": Counter(shop=60, bare=2)}, known, log, 6)
        assert "| shop | 60 | MIT |" in text and "| bare | 2 | see its source |" in text
        assert "0.975" in text and "0.9800" in text and known["hwu64"] == "CC-BY-4.0"


class FakeRecipe:
    seed, epochs, batch_tokens, layers_rate, words_rate, share = 1, 1.0, 2048, 6e-5, 2e-4, 0.6
