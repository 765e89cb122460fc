"""A whole training run, small: from pairs to a folder that serves, and on again after an interruption."""

import gzip
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from copilot.inference.embedder import load
from copilot.privacy.text import published

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.integration

THINGS = [("bicycle", "vélo"), ("lock", "cadenas"), ("saddle", "selle"), ("bell", "sonnette"), ("wheel", "roue")]
DEEDS = [
    ("Where can I buy a new {}?", "Où puis-je acheter une nouvelle {} ?"),
    ("My {} is broken.", "Ma {} est cassée."),
    ("How do I return the {}?", "Comment retourner la {} ?"),
    ("The {} was delivered yesterday.", "La {} a été livrée hier."),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "parallel-en-fr").mkdir()
    (folder / "docs-corpus").mkdir()
    lines = [f"{en.format(a)}\t{fr.format(b)}" for en, fr in DEEDS for a, b in THINGS]
    (folder / "parallel-en-fr" / "shop.tsv").write_text("\n".join(lines), encoding="utf-8")
    with gzip.open(folder / "docs-corpus" / "guide-fr.jsonl.gz", "wt", encoding="utf-8") as file:
        for _, thing in THINGS:
            section = {
                "lang": "fr",
                "title": "Guide",
                "heading": f"Comment changer la {thing}",
                "text": f"{thing} " * 20,
            }
            file.write(json.dumps(section) + "\n")
    return folder


def test_a_run_makes_a_model_that_serves_and_a_second_one_goes_on(data, tmp_path, capsys):
    work = tmp_path / "work"
    call_command("train", "embedder", data=data, work=work, epochs=2.0)
    served = load(work / "souffleur-en-fr-1", 1)
    english, french = served.embed([published("My lock is broken."), published("Mon cadenas est cassé.")])
    assert float(english @ french) > 0.3  # MiniLM's own say 0.00
    assert "twins" in (work / "log.json").read_text(encoding="utf-8")
    stamp = (work / "student" / "model.safetensors").stat().st_mtime_ns
    call_command("train", "embedder", data=data, work=work, epochs=2.0)
    assert (work / "student" / "model.safetensors").stat().st_mtime_ns == stamp


def test_a_student_that_was_half_built_is_built_again(data, tmp_path, monkeypatch):
    from training import embedder, student

    def killed(*_):
        raise SystemExit

    work, texts = tmp_path / "work", embedder.read(data)
    work.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(student, "_save", killed)
        with pytest.raises(SystemExit):
            embedder._student(texts, work, print)
    built = embedder._student(texts, work, print)
    assert "cadenas" in (built / "vocab.txt").read_text(encoding="utf-8").split("\n")


def test_a_run_goes_on_from_the_newest_checkpoint_that_is_whole(tmp_path):
    from training.trainer import last_checkpoint

    assert last_checkpoint(tmp_path) is None
    for step in (900, 1000, 1100):
        (tmp_path / f"checkpoint-{step}").mkdir()
        if step < 1100:  # killed while it wrote the last
            (tmp_path / f"checkpoint-{step}" / "trainer_state.json").write_text("{}")
    assert last_checkpoint(tmp_path) == str(tmp_path / "checkpoint-1000")


def test_without_data_the_command_says_what_it_needs(tmp_path):
    with pytest.raises(CommandError, match="pairs"):
        call_command("train", "embedder", data=tmp_path, work=tmp_path / "work")


class TestAverage:
    def made(self, folder, **weights):
        from safetensors.torch import save_file

        folder.mkdir()
        save_file(weights, folder / "model.safetensors")
        return folder

    def test_it_lies_between_the_two(self, tmp_path):
        from safetensors.torch import load_file

        from training.average import average

        before, after = self.made(tmp_path / "a", w=torch.zeros(3)), self.made(tmp_path / "b", w=torch.ones(3))
        target = average(before, after, 0.6, tmp_path / "c")
        assert load_file(target / "model.safetensors")["w"].tolist() == pytest.approx([0.6] * 3)

    def test_two_shapes_are_refused(self, tmp_path):
        from training.average import average

        before, after = self.made(tmp_path / "a", w=torch.zeros(3)), self.made(tmp_path / "b", v=torch.ones(3))
        with pytest.raises(ValueError, match="not of one shape"):
            average(before, after, 0.6, tmp_path / "c")


class TestObjective:
    def test_standing_where_the_teacher_stands_costs_nothing(self):
        from training.objective import distance

        vectors = torch.nn.functional.normalize(torch.randn(6, 8, generator=torch.Generator().manual_seed(1)), dim=1)
        assert float(distance(vectors, vectors)) == pytest.approx(0.0, abs=1e-5)

    def test_standing_elsewhere_costs_more_the_further_it_is(self):
        from training.objective import distance

        teacher = torch.eye(4, 8)
        near = torch.nn.functional.normalize(teacher + 0.1, dim=1)
        far = torch.nn.functional.normalize(teacher + 0.5, dim=1)
        assert 0 < float(distance(near, teacher)) < float(distance(far, teacher))


class TestBatches:
    def made(self, epoch=0):
        from training.batches import TokenBatches

        lengths = np.random.default_rng(2).integers(4, 120, size=500).tolist()
        sampler = TokenBatches(lengths, lengths, tokens=1024, seed=5)
        sampler.set_epoch(epoch)
        return lengths, list(sampler)

    def test_every_text_is_in_exactly_one_batch(self):
        _, batches = self.made()
        assert sorted(i for batch in batches for i in batch) == list(range(500))

    def test_no_batch_is_larger_than_it_may_be_or_alone(self):
        lengths, batches = self.made()
        assert all(len(batch) * max(lengths[i] for i in batch) <= 1024 + 120 for batch in batches)
        assert all(len(batch) > 1 for batch in batches)

    def test_epochs_differ_and_repeat(self):
        assert self.made(0) == self.made(0) and self.made(0)[1] != self.made(1)[1]
