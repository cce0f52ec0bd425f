def test_a_stranger_is_asked_to_sign_in(vera):
    answer = vera.get("/admin/")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/admin/"


def test_a_teammate_gets_in(olga):
    assert olga.get("/admin/").status_code == 200
