"""The page in a real browser: on a desktop and a phone, by mouse and by keyboard."""

import json
import os
import shutil
from contextlib import contextmanager

import pytest
from service.served import Reader, serving

from gplinker_tf.service.app import PAGE

playwright = pytest.importorskip("playwright.sync_api")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, in PATH or in CHROMIUM")

#: Options of Chromium to run without a screen and without network requests of its own.
ALONE = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")

DESK, PHONE = {"width": 1100, "height": 900}, {"width": 375, "height": 700}

TEXT = "《喜剧之王》由周星驰主演"


class ThresholdReader(Reader):
    """A reader that compares a threshold with the single score of its triples."""

    def __call__(self, texts, threshold=None, batch_size=32):
        found = super().__call__(texts, threshold, batch_size)
        return found if (threshold or 0) < 2 else [type(one)(one.text) for one in found]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(ALONE))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address():
    with serving(ThresholdReader(), Reader()) as port:
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def opened(browser, address, **settings):
    """Open the page, and check that it logs no errors and sends no request to other addresses."""
    settings = {"locale": "en-US", "viewport": DESK, **settings}
    context = browser.new_context(**settings)
    page, errors, asked = context.new_page(), [], []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    yield page
    context.close()
    assert not [error for error in errors if "Failed to load resource" not in error]
    assert all(url.startswith((address, "data:")) for url in asked)


def status_is(page, words):
    playwright.expect(page.get_by_role("status")).to_have_text(words)


def test_text_to_triples_threshold_and_json(browser, address):
    permissions = {"permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, address, **permissions) as page:
        page.get_by_label("Text").fill(TEXT)
        page.get_by_role("button", name="Extract").click()
        status_is(page, "2 triples found.")
        for picture in ("#triples", "#graph"):
            assert page.locator(f"{picture} svg").first.is_visible()
        assert "导演" in page.locator("#triples").inner_text()
        page.get_by_role("button", name="Copy as JSON").click()
        status_is(page, "Copied.")
        copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
        assert copied["text"] == TEXT and len(copied["spo_list"]) == 2
        page.get_by_label("Threshold").fill("2.5")
        status_is(page, "0 triples found.")
        page.get_by_label("Model").select_option("1")
        status_is(page, "2 triples found.")


def test_by_keyboard_alone(browser, address):
    with opened(browser, address) as page:
        page.keyboard.type("Ada wrote Tin")
        page.keyboard.press("Control+Enter")
        status_is(page, "2 triples found.")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        status_is(page, "0 triples found.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        status_is(page, "0 triples found.")


def test_on_a_phone_in_chinese(browser, address):
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
    with opened(browser, address, **phone) as page:
        page.get_by_role("button", name="抽取").tap()
        status_is(page, "找到 2 个三元组。")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        for button in page.get_by_role("button").all():
            assert button.bounding_box()["height"] >= 44
        page.get_by_role("button", name="English").tap()
        assert page.get_by_role("heading", name="Graph").is_visible()
        assert page.evaluate("document.documentElement.lang") == "en"


def test_markup_in_a_text_stays_text(browser, address):
    with opened(browser, address) as page:
        page.get_by_label("Text").fill("<img src=x onerror=alert(1)><script>alert(2)</script>")
        page.get_by_role("button", name="Extract").click()
        status_is(page, "2 triples found.")
        assert page.locator("#results img, #results script").count() == 0


def test_an_error_is_said(browser, address):
    with opened(browser, address) as page:
        page.route("**/draw", lambda route: route.abort())
        page.get_by_role("button", name="Extract").click()
        status_is(page, "The service does not answer. Try again.")
        page.unroute("**/draw")
        page.get_by_label("Text").fill("\x01")
        page.get_by_role("button", name="Extract").click()
        playwright.expect(page.get_by_role("status")).to_contain_text("control character")


def test_it_asks_for_the_token(browser):
    service = serving(Reader(), token="secret")
    with service as port, opened(browser, f"http://127.0.0.1:{port}/") as page:
        status_is(page, "Enter the token of this service.")
        page.get_by_label("Token").fill("secret")
        page.keyboard.press("Enter")
        status_is(page, "2 triples found.")


@pytest.mark.slow
def test_both_languages_say_the_same_things():
    words = (PAGE / "words.js").read_text("utf-8")
    english, chinese = words.split("  zh: {")
    names = [line.split(":")[0].strip() for line in english.splitlines() if line[:4] == "    "]
    other = [line.split(":")[0].strip() for line in chinese.splitlines() if line[:4] == "    "]
    assert names == other
