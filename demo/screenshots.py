"""`python -m demo.screenshots ADDRESS FOLDER`: the pages of the running demo, wide and narrow, light and dark."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

SIZES = {"": (1440, 900), "-phone": (390, 844)}
PASSWORD = "souffleur-demo"  # noqa: S105  as `demo.world` sets it


def main(address: str, folder: Path) -> None:
    """Queue, tickets and insights in every size and scheme; `docs/images` holds those that the README shows."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for suffix, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme="light" if scheme == "light" else "dark"
                )
                _pages(page, address, folder, f"{scheme}{suffix}")
        browser.close()


def _pages(page: Page, address: str, folder: Path, name: str) -> None:
    _sign_in(page, address, "alex")
    page.goto(f"{address}/?view=team")
    page.screenshot(path=str(folder / f"queue-{name}.png"))
    _ticket(page, address, "E07", folder / f"desk-{name}.png")
    _ticket(page, address, "Ferry", folder / f"abstained-{name}.png")
    _ticket(page, address, "GPX", folder / f"french-{name}.png")
    _ticket(page, address, "E11 and a trip", folder / f"summary-{name}.png", lit="#summary .asked [data-l]")
    _sign_in(page, address, "morgan")
    page.goto(f"{address}/insights/")
    page.screenshot(path=str(folder / f"insights-{name}.png"))


def _sign_in(page: Page, address: str, username: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")


def _ticket(page: Page, address: str, words: str, picture: Path, lit: str = "#reply .s") -> None:
    page.goto(f"{address}/?view=all")
    page.locator(".item", has_text=words).first.click()
    page.wait_for_load_state("networkidle")  # until then the ticket that was open before still shows
    page.wait_for_selector("#draft .reply", state="attached")
    facts = page.locator(lit)
    if facts.count() and facts.first.is_visible():
        facts.first.hover()
    page.wait_for_timeout(400)
    page.screenshot(path=str(picture))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
