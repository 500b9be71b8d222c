"""`lyhord check` asks the municipality's own log-in."""

from datetime import UTC, datetime
from pathlib import Path

from desk.settings import OidcSettings
from service.checks.login import check_login
from tests.servers.oidc import forging_provider


def test_the_log_in_is_asked_for_its_page_and_its_name(tmp_path: Path, monkeypatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with forging_provider(tmp_path) as provider:
        good = OidcSettings(provider.issuer, "lyhord", ca_file=provider.ca_file)

        def asked(settings: OidcSettings) -> tuple[bool, str]:
            (line,) = check_login(settings, "https://lyhord.ekdala.example/", lambda: datetime.now(UTC))
            return line.ok, f"{line.text} {line.remedy}"

        ok, text = asked(good)
        assert ok
        assert "https://lyhord.ekdala.example/logga-in/svar ska vara registrerad" in text
        assert not asked(OidcSettings(provider.issuer, "lyhord"))[0]
        provider.discovery = {"issuer": "https://annan.example"}
        ok, text = asked(good)
        assert not ok
        assert "https://annan.example" in text
        assert "precis den som utfärdaren uppger" in text
