from core.answering import Entry, passages


def test_a_title_an_answer_phrasings_and_two_sentences_get_a_vector():
    entry = Entry(
        "a", " Where  is it? ", "It is on its way to you. You can track it in the app. Be patient.", ("Lost?",)
    )
    assert [(passage.kind, passage.text) for passage in passages(entry)] == [
        ("title", "Where is it?"),
        ("body", "Where is it?\nIt is on its way to you. You can track it in the app. Be patient."),
        ("phrasing", "Lost?"),
        ("sentence", "It is on its way to you."),
        ("sentence", "You can track it in the app."),
    ]


def test_a_key_changes_exactly_when_its_text_does():
    before = {passage.kind: passage.key for passage in passages(Entry("a", "Where?", "Here."))}
    moved = {passage.kind: passage.key for passage in passages(Entry("b", "Where? ", "Here."))}
    changed = {passage.kind: passage.key for passage in passages(Entry("a", "Where?", "There."))}
    assert moved == before
    assert changed["title"] == before["title"]
    assert changed["body"] != before["body"]


def test_only_the_beginning_of_a_long_answer_counts():
    text = passages(Entry("a", "Title", "word " * 1000))[1].text
    assert len(text.split()) == 81


def test_the_same_phrasing_counts_once_and_an_empty_one_not_at_all():
    kinds = [passage.kind for passage in passages(Entry("a", "T", "", ("x", " x ", " ")))]
    assert kinds.count("phrasing") == 1
