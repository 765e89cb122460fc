"""Who guesses waits; sessions end; nobody learns who has an account."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from copilot.sealed import unseal
from tests.conftest import SignedIn, person
from tickets.models import AuditEntry, FailedSignIns, Session, User
from tickets.models.people import Role
from tickets.signin import guard, sessions

PASSWORD = "a long password"
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fast(settings):
    settings.PASSWORD_HASHERS = FAST


@pytest.fixture
def alex(agent: User) -> User:
    agent.set_password(PASSWORD)
    agent.save()
    return agent


def sign_in(client: Client, username: str = "alex", password: str = PASSWORD):
    return client.post(reverse("login"), {"username": username, "password": password})


def refused(username: str, times: int, address: str = "192.0.2.1") -> str:
    page = ""
    for _ in range(times):
        page = sign_in(Client(REMOTE_ADDR=address), username, "wrong").content.decode()
    return page


class TestLock:
    def test_five_wrong_passwords_lock_and_the_right_one_waits(self, alex, client):
        assert "do not go together" in refused("alex", 5)
        answer = sign_in(Client(REMOTE_ADDR="192.0.2.1"))
        assert answer.status_code == 200 and "Try again in 1 min" in answer.content.decode()
        assert "administrator" in answer.content.decode()

    def test_the_wait_grows_and_ends(self, alex):
        waits = []
        for _ in range(9):
            refused("alex", 1)
            row = FailedSignIns.objects.get(kind="pair")
            if row.locked_until:
                waits.append(round((row.locked_until - row.last_at).total_seconds()))
                FailedSignIns.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
        assert waits == [30, 60, 120, 240, 480]
        assert sign_in(Client(REMOTE_ADDR="192.0.2.1")).status_code == 302
        assert not FailedSignIns.objects.filter(kind="pair").exists()

    def test_no_wait_is_longer_than_an_hour(self, alex):
        refused("alex", 1)
        FailedSignIns.objects.filter(kind="pair").update(failures=400)
        refused("alex", 1)
        row = FailedSignIns.objects.get(kind="pair")
        assert row.locked_until - row.last_at == timedelta(hours=1)

    def test_elsewhere_the_account_still_opens(self, alex):
        refused("alex", 6)
        assert sign_in(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302

    def test_many_addresses_together_lock_the_account(self, alex):
        for last in range(20):
            refused("alex", 1, f"198.51.100.{last}")
        assert "Try again" in sign_in(Client(REMOTE_ADDR="203.0.113.9")).content.decode()

    def test_one_address_that_tries_many_names_is_locked(self, db):
        for number in range(50):
            guard.attempt(f"name{number}", "192.0.2.1")
        with pytest.raises(guard.Locked):
            guard.attempt("another", "192.0.2.1")

    def test_one_who_signs_in_between_does_not_free_an_address(self, alex):
        for number in range(49):
            guard.attempt(f"name{number}", "192.0.2.1")
        sign_in(Client(REMOTE_ADDR="192.0.2.1"))
        assert FailedSignIns.objects.get(kind="address").failures == 49

    def test_while_it_is_locked_nothing_counts(self, alex):
        refused("alex", 5)
        until = FailedSignIns.objects.get(kind="pair").locked_until
        refused("alex", 5)
        assert FailedSignIns.objects.get(kind="pair").locked_until == until

    def test_a_day_later_it_is_forgotten(self, alex):
        refused("alex", 4)
        FailedSignIns.objects.update(last_at=timezone.now() - timedelta(days=2))
        refused("alex", 1)
        assert FailedSignIns.objects.get(kind="pair").failures == 1

    def test_letters_of_another_case_are_the_same_account(self, alex):
        for name in ("alex", "ALEX", " Alex", "aLeX", "alex "):
            refused(name, 1)
        assert "Try again" in refused("alex", 1)

    def test_an_unknown_name_is_told_the_same_and_locked_the_same(self, alex):
        known, unknown = refused("alex", 5), refused("nobody", 5, "192.0.2.2")
        assert known.count("do not go together") == unknown.count("do not go together") == 1
        assert "Try again" in refused("alex", 1) and "Try again" in refused("nobody", 1, "192.0.2.2")

    def test_one_who_is_switched_off_is_told_the_same(self, alex, client):
        User.objects.update(is_active=False)
        assert "do not go together" in sign_in(client).content.decode()

    def test_an_unknown_name_costs_a_hash_too(self, alex, client, monkeypatch):
        hashed = []
        monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))
        sign_in(client, "nobody", "guess")
        assert hashed == ["guess"]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_all_counted(transactional_db):
    heard = []

    def guess() -> None:
        try:
            guard.attempt("alex", "192.0.2.1")
            heard.append(1)
        except guard.Locked:
            pass
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 5


class TestProxies:
    def test_without_one_the_header_is_not_believed(self, alex):
        for last in range(6):
            client = Client(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=f"203.0.113.{last}")
            sign_in(client, password="wrong")
        assert FailedSignIns.objects.filter(kind="address").count() == 1

    def test_with_one_its_word_counts_and_what_stands_before_it_does_not(self, alex, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for said in ("10.0.0.1, 203.0.113.1", "10.0.0.2, 203.0.113.1", "203.0.113.2"):
            sign_in(Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=said), password="wrong")
        assert FailedSignIns.objects.filter(kind="address").count() == 2

    def test_a_network_of_version_six_is_one_visitor(self, alex):
        for last in ("1", "2:3", "ffff"):
            sign_in(Client(REMOTE_ADDR=f"2001:db8::{last}"), password="wrong")
        assert FailedSignIns.objects.filter(kind="address").count() == 1


class TestAudit:
    def test_failures_and_locks_are_written_down_without_what_was_typed(self, alex):
        refused("alex", 5)
        refused("S3cret-typed-in-the-wrong-field", 1, "192.0.2.2")
        kinds = list(AuditEntry.objects.filter(kind__startswith="signin.").values_list("kind", flat=True))
        assert kinds.count("signin.failed") == 6 and kinds.count("signin.locked") == 1
        locked = AuditEntry.objects.get(kind="signin.locked")
        assert locked.subject == f"user:{alex.pk}" and locked.facts["failures"] == 5
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(a::text, ' ') FROM tickets_auditentry a")
            audit = cursor.fetchone()[0]
            cursor.execute("SELECT string_agg(f::text, ' ') FROM tickets_failedsignins f")
            assert "S3cret" not in audit + cursor.fetchone()[0] and "192.0.2" not in audit

    def test_a_sign_in_is_written_down(self, alex, client):
        sign_in(client)
        assert AuditEntry.objects.get(kind="signin.done").facts == {"by": "password"}


class TestUnlock:
    def test_by_a_button(self, alex, administrator, signed_in):
        refused("alex", 6)
        admin = signed_in(administrator)
        assert "locked until" in admin.get(reverse("person", args=[alex.pk])).content.decode()
        admin.post(reverse("unlock_person", args=[alex.pk]))
        assert sign_in(Client(REMOTE_ADDR="192.0.2.1")).status_code == 302
        assert AuditEntry.objects.get(kind="signin.unlocked").actor == f"user:{administrator.pk}"

    def test_by_a_command(self, alex, capsys):
        refused("alex", 6)
        call_command("change_user", "alex", "--unlock")
        assert capsys.readouterr().out == "unlocked\n"
        assert sign_in(Client(REMOTE_ADDR="192.0.2.1")).status_code == 302
        with pytest.raises(CommandError, match="no user"):
            call_command("change_user", "nobody", "--unlock")
        with pytest.raises(CommandError, match="say what"):
            call_command("change_user", "alex")


class TestSessions:
    def test_the_key_changes_when_somebody_signs_in(self, alex, client):
        client.get(reverse("login"))
        client.session["x"] = 1
        client.session.save()
        before = client.session.session_key
        sign_in(client)
        assert client.session.session_key != before

    def test_it_ends_when_nobody_uses_it(self, alex, client):
        sign_in(client)
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert client.get(reverse("desk")).status_code == 302

    def test_use_keeps_it_but_not_beyond_its_day(self, alex, client, settings):
        sign_in(client)
        row = Session.objects.get()
        assert row.expire_date - row.seen_at == timedelta(hours=4)
        old = timezone.now() - timedelta(hours=15)
        Session.objects.update(seen_at=timezone.now() - timedelta(hours=3), started_at=old)
        client.get(reverse("preferences"))
        row.refresh_from_db()
        assert timezone.now() - row.seen_at < timedelta(minutes=1)
        assert row.expire_date - row.started_at == timedelta(hours=16)

    def test_what_is_written_into_it_does_not_make_it_younger(self, alex, client):
        sign_in(client)
        began = Session.objects.get().started_at
        session = client.session
        session["x"] = 1
        session.save()
        assert abs(Session.objects.get().started_at - began) < timedelta(milliseconds=1)

    def test_what_a_page_asks_for_by_itself_does_not_keep_it(self, alex, client):
        sign_in(client)
        seen = timezone.now() - timedelta(hours=1)
        Session.objects.update(seen_at=seen)
        client.get(reverse("queue"))
        assert Session.objects.get().seen_at == seen

    def test_its_content_is_sealed(self, alex, client):
        sign_in(client)
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_data FROM tickets_session")
            sealed = cursor.fetchone()[0]
        assert "_auth_user_id" not in sealed and "_auth_user_id" in unseal(sealed)

    def test_a_session_whose_key_is_gone_has_ended(self, alex, client, settings):
        from cryptography.fernet import Fernet

        sign_in(client)
        settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
        assert client.get(reverse("desk")).status_code == 302

    def test_one_who_is_switched_off_is_out_at_once(self, alex, client, administrator, signed_in):
        sign_in(client)
        signed_in(administrator).post(reverse("switch_person", args=[alex.pk]))
        assert client.get(reverse("desk")).status_code == 302
        assert not Session.objects.filter(user=alex).exists()

    def test_the_others_end_and_this_one_stays(self, alex, client):
        other = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0")
        sign_in(client)
        sign_in(other)
        page = client.get(reverse("preferences")).content.decode()
        assert "Firefox, Linux" in page and "127.0.0.1" in page and "this one" in page
        client.post(reverse("end_other_sessions"))
        assert other.get(reverse("desk")).status_code == 302
        assert client.get(reverse("preferences")).status_code == 200

    def test_an_administrator_ends_somebodys(self, alex, client, administrator, signed_in):
        sign_in(client)
        signed_in(administrator).post(reverse("end_sessions", args=[alex.pk]))
        assert client.get(reverse("desk")).status_code == 302
        assert AuditEntry.objects.get(kind="session.ended").facts == {"sessions": 1}

    def test_those_that_ended_are_swept(self, alex, client):
        sign_in(client)
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        sessions.sweep()
        assert not Session.objects.exists()


class TestPassword:
    NEW = {"old_password": PASSWORD, "new_password1": "another long one", "new_password2": "another long one"}

    def test_changing_it_signs_out_everywhere_else(self, alex, client):
        other = Client()
        sign_in(client)
        sign_in(other)
        assert client.post(reverse("change_password"), self.NEW).headers["Location"] == reverse("preferences")
        assert other.get(reverse("desk")).status_code == 302
        assert client.get(reverse("preferences")).status_code == 200
        alex.refresh_from_db()
        assert alex.check_password("another long one")

    def test_guessing_the_old_one_counts(self, alex, client):
        sign_in(client)
        for _ in range(5):
            client.post(reverse("change_password"), {**self.NEW, "old_password": "guess"})
        answer = client.post(reverse("change_password"), self.NEW)
        assert answer.status_code == 422 and "Try again" in answer.content.decode()

    @pytest.mark.parametrize("bad", ["short", "1234567890", "password123"])
    def test_bad_ones_are_refused(self, alex, client, bad):
        sign_in(client)
        answer = client.post(reverse("change_password"), {**self.NEW, "new_password1": bad, "new_password2": bad})
        assert answer.status_code == 422

    def test_one_that_somebody_else_made_is_changed_first(self, alex, client):
        User.objects.update(must_change_password=True)
        sign_in(client)
        assert client.get(reverse("desk")).headers["Location"] == reverse("change_password")
        fragment = client.get(reverse("queue"), headers={"HX-Request": "true"})
        assert fragment.headers["HX-Redirect"] == reverse("change_password")
        assert client.get(reverse("api_search"), {"q": "x"}).status_code == 403
        client.post(reverse("change_password"), self.NEW)
        assert client.get(reverse("desk")).status_code == 200


class TestDoor:
    def test_somebody_who_is_signed_in_goes_on(self, agent, signed_in: SignedIn):
        assert signed_in(agent).get(reverse("login")).headers["Location"] == "/"

    def test_it_leads_to_where_one_wanted_and_nowhere_else(self, alex, client):
        wanted = {"username": "alex", "password": PASSWORD, "next": "/knowledge/"}
        assert client.post(reverse("login"), wanted).headers["Location"] == "/knowledge/"
        away = {**wanted, "next": "https://evil.example/"}
        assert Client().post(reverse("login"), away).headers["Location"] == "/"

    @pytest.mark.parametrize(
        "path", ["signup/", "password/reset/", "accounts/signup/", "login/with/sso/", "login/with/x/"]
    )
    def test_what_is_not_used_is_not_there(self, db, client, path):
        assert client.get(f"/{path}").status_code == 404

    def test_passwords_can_be_switched_off_and_a_link_stays(self, alex, client, settings, capsys):
        settings.LOCAL_SIGN_IN = False
        assert 'name="password"' not in client.get(reverse("login")).content.decode()
        assert sign_in(client).status_code == 200 and client.get("/").status_code == 302
        call_command("change_user", "alex", "--sign-in-link")
        link = capsys.readouterr().out.split(": ")[1].strip()
        assert client.get(link).status_code == 200 and client.get("/").status_code == 302
        assert client.post(link).headers["Location"] == "/" and client.get("/").status_code == 200
        assert Client().post(link).status_code == 404

    def test_a_link_is_good_for_a_quarter_of_an_hour(self, alex, client, settings, capsys):
        call_command("change_user", "alex", "--sign-in-link")
        link = capsys.readouterr().out.split(": ")[1].strip()
        settings.PASSWORD_RESET_TIMEOUT = -1
        assert client.post(link).status_code == 404

    def test_forms_need_their_csrf_token(self, alex):
        assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_the_last_administrator_stays(administrator, capsys):
    with pytest.raises(CommandError, match="only administrator"):
        call_command("change_user", "ada", "--switch-off")
    person("Eve", Role.ADMINISTRATOR)
    call_command("change_user", "ada", "--switch-off")
    assert not User.objects.get(username="ada").is_active
