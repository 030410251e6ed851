"""Labels: pages that stand in an article's place, in many languages, and articles that only speak of such things."""

# ruff: noqa: E501 - a page a line
from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.extract.article import extract
from archive.extract.labels import LABELS
from archive.model import WALLS, Extraction

URL = "https://paper.example/2026/03/01/the-dyke-at-hollum"
SENTENCE = "The dyke at Hollum held through the night, and nobody on the island slept before it was over. "


def read(page: str, url: str = URL) -> Extraction:
    return extract(page.encode(), url=url, charset="utf-8")


def labels(title: str, body: str, head: str = "", url: str = URL) -> set[str]:
    page = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return set(read(page, url).labels) - {"thin"}


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("404 - The Daily Test", "Sorry, we could not find that page. Try the front page."),
        ("Page not found | The Daily Test", "It may have moved."),
        ("The Daily Test", "<h1>This page doesn't exist</h1><p>Try a search.</p>"),
        ("Seite nicht gefunden – Tagesprobe", "Der Artikel ist nicht mehr da."),
        ("Page introuvable | Le Test", "Revenir à l'accueil"),
        ("Página no encontrada - El Ensayo", "Volver a la portada"),
        ("Página não encontrada | O Teste", "Voltar"),
        ("Pagina non trovata - La Prova", "Torna alla home"),
        ("Pagina niet gevonden", "Terug naar de voorpagina"),
        ("Siden blev ikke fundet | Prøven", "Gå til forsiden"),
        ("Sidan kunde inte hittas", "Till startsidan"),
        ("Sivua ei löytynyt - Koe", "Etusivulle"),
        ("Nie znaleziono strony - Próba", "Strona główna"),
        ("Stránka nenalezena | Zkouška", "Na hlavní stránku"),
        ("Az oldal nem található", "Vissza a címlapra"),
        ("Страница не найдена — Проба", "На главную"),
        ("Сторінку не знайдено", "На головну"),
        ("Sayfa bulunamadı - Deneme", "Ana sayfaya dön"),
        ("Η σελίδα δεν βρέθηκε", "Αρχική"),
        ("ページが見つかりません | 試験新聞", "トップページへ"),
        ("页面不存在 - 试验报", "返回首页"),
        ("페이지를 찾을 수 없습니다", "홈으로"),
        ("الصفحة غير موجودة - الاختبار", "العودة إلى الرئيسية"),
        ("הדף לא נמצא", "לעמוד הבית"),
        ("صفحه مورد نظر یافت نشد", "بازگشت به خانه"),
        ("पेज नहीं मिला", "मुखपृष्ठ"),
        ("Halaman tidak ditemukan", "Kembali ke beranda"),
        ("Không tìm thấy trang", "Về trang chủ"),
    ],
)
def test_an_error_page_served_as_a_success(title: str, said: str) -> None:
    assert labels(title, f"<nav><a href='/'>A</a></nav><main>{said}</main>") == {"soft-404"}


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Just a moment...", "<div id='challenge-form'>Checking your browser before accessing paper.example.</div>"),
        ("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1><div id='cf-error-details'></div>"),
        ("Access to this page has been denied", "<p>Press & Hold to confirm you are a human (and not a bot).</p>"),
        (
            "paper.example",
            "<script src='https://geo.captcha-delivery.com/captcha/c.js'></script><p>Please enable JS and disable any ad blocker</p>",
        ),
        ("Pardon Our Interruption", "<p>Something about your browser made us think you were a bot.</p>"),
        ("Human Verification", "<script>window.gokuProps={};</script><div id='captcha-container'></div>"),
        (
            "Access Denied",
            "<h1>Access Denied</h1>You don't have permission to access this on this server. Reference #18.2",
        ),
        (
            "",
            "<iframe src='/_Incapsula_Resource?x=1&incident_id=7'>Request unsuccessful. Incapsula incident ID: 7</iframe>",
        ),
        (
            "Making sure you're not a bot!",
            "<p>Protected by Anubis from Techaro.</p><script id='anubis_challenge'></script>",
        ),
        ("Sicherheitsprüfung", "<p>Bitte bestätigen Sie, dass Sie kein Roboter sind.</p>"),
        ("Vérification de sécurité", "<p>Nous vérifions que vous êtes humain.</p><div class='h-captcha'></div>"),
        ("Проверка браузера", "<p>Подтвердите, что вы не робот</p>"),
        ("安全验证", "<p>请完成安全验证后继续访问</p>"),
    ],
)
def test_a_challenge_to_machines(title: str, body: str) -> None:
    assert labels(title, body) == {"bot-wall"}


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "Before you continue",
            "<p>We and our partners use cookies. With your consent we and our vendors show personalised ads. Accept all, or reject all cookies.</p>",
        ),
        (
            "Zustimmung",
            "<p>Mit Ihrer Einwilligung nutzen wir und unsere Partner Cookies für personalisierte Werbung und Tracking. Weiter werbefrei mit Abo, oder zustimmen. Datenschutz, Impressum.</p>",
        ),
        (
            "Le Test",
            "<p>Avec votre consentement, nos partenaires et nous utilisons des cookies et des traceurs. Vous pouvez accepter ou refuser. Vie privée.</p>",
        ),
        (
            "El Ensayo",
            "<p>Con su consentimiento, nosotros y nuestros socios usamos cookies. Puede aceptar o rechazar. Privacidad.</p>",
        ),
    ],
)
def test_a_page_that_asks_for_consent_first(title: str, body: str) -> None:
    assert labels(title, body) == {"consent"}


@pytest.mark.parametrize(
    "title",
    [
        "Log in",
        "Sign in to continue",
        "Anmelden | Tagesprobe",
        "Connexion",
        "Iniciar sesión",
        "Inloggen",
        "Zaloguj się",
        "Войти",
        "ログイン",
        "登录",
        "로그인",
        "تسجيل الدخول",
    ],
)
def test_a_form_to_log_in_with(title: str) -> None:
    form = "<form><input name='user'><input type='password' name='p'><button>OK</button></form>"
    assert labels(title, f"<h1>{title}</h1>{form}") == {"login"}


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("paper.example is for sale", "<h1>This domain is for sale!</h1><a href='#'>Make an offer</a>"),
        ("paper.example", "<script src='https://img.sedoparking.com/templates/js.js'></script><a>Related searches</a>"),
        ("paper.example", "<p>Diese Domain steht zum Verkauf</p>"),
        ("paper.example", "<p>Ce domaine est à vendre</p>"),
        ("Account Suspended", "<p>This account has been suspended. Contact your hosting provider.</p>"),
    ],
)
def test_a_domain_with_nobody_at_home(title: str, body: str) -> None:
    assert labels(title, body) == {"parked"}


@pytest.mark.parametrize(
    "body",
    [
        "<div id='root'></div><script src='/main.js'></script>",
        "<noscript>You need to enable JavaScript to run this app.</noscript><div></div><script src='/a.js'></script>",
        "<p>Bitte aktivieren Sie JavaScript.</p><script src='/a.js'></script>",
        "<p>JavaScriptを有効にしてください。</p><script src='/a.js'></script>",
    ],
)
def test_an_empty_page_that_scripts_would_fill(body: str) -> None:
    assert labels("The Daily Test", body) == {"needs-scripts"}


START = f"<article><h1>The dyke at Hollum held</h1><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}But then …</p>"


@pytest.mark.parametrize(
    "rest",
    [
        "<div class='paywall'>Get more</div>",
        "<div><p>Subscribe to continue reading. Already a subscriber? Log in</p></div>",
        "<div><p>Diesen Artikel lesen Sie mit einem Abo von T+.</p></div>",
        "<div><p>La suite est réservée aux abonnés. Il vous reste 80 % à lire.</p></div>",
        "<div><p>Suscríbete para seguir leyendo</p></div>",
        "<div><p>Contenuto riservato agli abbonati</p></div>",
        "<div><p>Alleen voor abonnees</p></div>",
        "<div><p>Denne artikkelen er for abonnenter</p></div>",
        "<div><p>Обзор доступен только подписчикам. Оформите подписку, чтобы читать дальше</p></div>",
        "<div><p>この記事は有料会員限定です。残り1200文字</p></div>",
        "<div><p>订阅后继续阅读全文</p></div>",
    ],
)
def test_the_start_of_an_article_that_costs(rest: str) -> None:
    assert labels("The dyke at Hollum held", START + rest + "</article>") == {"paywalled"}


def test_what_declares_that_it_costs_is_believed_unless_all_of_it_is_there() -> None:
    node = '{"@type": "NewsArticle", "headline": "The dyke at Hollum held", "isAccessibleForFree": "False"}'
    head = f"<script type='application/ld+json'>{node}</script>"
    short, long = (f"<article><p>{SENTENCE * count}</p></article>" for count in (10, 40))
    assert labels("The dyke", short, head) == {"paywalled"}
    assert labels("The dyke", short, head.replace('"False"', "true")) == set()
    assert labels("The dyke", long, head) == set()
    assert labels("The dyke", long.replace("</p>", "But then …</p>"), head) == {"paywalled"}


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: a history of the 404",
        "Subscribe to continue reading: how paywalls won",
        "Are you a robot? The long war on captchas",
        "Cookies, consent and partners: what the banner wants",
        "This domain is for sale: a market in names",
        "You need to enable JavaScript, and other lies",
    ],
)
def test_an_article_about_such_pages_is_an_article(title: str) -> None:
    text = f"{title}. We use cookies. Verify you are human. Log in. Subscribe now. " + SENTENCE * 12
    body = f"<article><h1>{title}</h1><p>{text}</p><p>{SENTENCE * 10}</p></article>"
    assert labels(title, body) == set()


def test_a_live_report_says_so() -> None:
    head = '<script type=\'application/ld+json\'>{"@type": "LiveBlogPosting", "headline": "Storm"}</script>'
    assert "live" in labels("Storm", f"<article><p>{SENTENCE * 20}</p></article>", head)


def test_every_label_is_documented_and_every_documented_label_is_one() -> None:
    page = Path(__file__).parents[3].joinpath("docs", "labels.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) == LABELS
    assert set(LABELS) > WALLS
