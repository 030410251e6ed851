"""What pages say that stand in an article's place, or hold a part of it, in many languages. Data only.

Patterns are matched against text in lower case with single spaces. Each phrase is one that a machine says to a reader,
not one that is written about: a news item on paywalls must not be taken for one.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "APPEAL",
    "BOT_MARKUP",
    "BOT_TEXT",
    "BOT_TITLE",
    "CONSENT_TITLE",
    "CONSENT_WORDS",
    "LOGIN",
    "NOT_FOUND",
    "PARKED",
    "PARKED_MARKUP",
    "SCRIPTS",
]


_TOP_BARS: Final = re.compile(r"\|(?=\\b)")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def _any_word(*patterns: str) -> re.Pattern[str]:
    """The same, those that begin at a word put behind one ``\\b``: each that has its own is tried at every character."""
    alternatives = [one for pattern in patterns for one in _TOP_BARS.sub("\n", pattern).split("\n")]
    words = [one.removeprefix(r"\b") for one in alternatives if one.startswith(r"\b")]
    others = [one for one in alternatives if not one.startswith(r"\b")]
    return re.compile("|".join([rf"\b(?:{'|'.join(words)})", *others]))


NOT_FOUND: Final = _any(
    r"\b(?:error |http |fehler |erreur |errore |erro |fout |fel |feil |fejl |błąd |chyba |hiba |eroare |hata |ошибка |помилка )?404\b",
    r"\b(?:error |http )?410 gone\b",
    r"\b(?:page|article|story|post|content|document|url|file) (?:is |was |has |could |can )?(?:not|n['’]t|no longer) (?:be )?(?:found|available|exists?)\b",
    r"\b(?:page|article|story|content) (?:does ?n['’]t|does not|no longer) exists?\b",
    r"\b(?:can['’]?t|cannot|could ?n['’]t|could not|unable to) (?:find|locate) (?:that|this|the) (?:page|article|story|content)\b",
    r"\b(?:page|article|story) you(?:['’]re| are| were| requested| have requested)\b.{0,40}",
    r"\bnothing (?:was )?found\b",
    r"\bseite (?:wurde )?(?:leider )?nicht (?:gefunden|verfügbar|vorhanden)\b",
    r"\bseite existiert nicht\b",
    r"\b(?:artikel|inhalt) (?:wurde )?(?:leider )?nicht (?:gefunden|verfügbar)\b",
    r"\bpage (?:introuvable|non trouvée|inexistante)\b",
    r"\b(?:cette page|cet article) n['’](?:existe (?:pas|plus)|est plus disponible)\b",
    r"\bp[áa]gina (?:no|não|nao) (?:encontrada|existe|disponible|disponível)\b",
    r"\bno se (?:ha )?(?:encontrado|encontró|encuentra) la página\b",
    r"\bp[àa]gina (?:no trobada|non atopada)\b",
    r"\bpagina non (?:è stata )?trovata\b",
    r"\bpagina inesistente\b",
    r"\bpagina (?:is )?niet gevonden\b",
    r"\bpagina bestaat niet\b",
    r"\bside[nr]? (?:ble |blev |er )?(?:ikke|ikkje) (?:funnet|fundet|funne)\b",
    r"\b(?:fant|fandt) ikke siden\b",
    r"\bsiden (?:finnes|findes|eksisterer) ikke\b",
    r"\bsidan (?:kunde inte hittas|hittades inte|finns inte)\b",
    r"\bsivua ei (?:löydy|löytynyt)\b",
    r"\bsíða(?:n)? (?:fannst|finnst) ekki\b",
    r"\b(?:strona|strony) nie (?:została znaleziona|istnieje|znaleziono)\b",
    r"\bnie znaleziono strony\b",
    r"\bstr[áa]nk[au] (?:nebyla |nebola )?(?:nenalezena|nenájdená|nenašla|neexistuje|nájdená|nalezena)\b",
    r"\b(?:az )?oldal nem található\b",
    r"\bpagina (?:nu a fost găsită|nu există)\b",
    r"\bстраниц[аыу] не (?:найдена|существует|намерена)\b",
    r"\bстор[іи]нк[ау] не (?:знайдено|знайдена|існує)\b",
    r"\b(?:stranica|страница) (?:nije|није) (?:pronađena|nađena|пронађена)\b",
    r"\bstrani ni (?:bilo )?mogoče najti\b",
    r"\bη σελίδα δεν (?:βρέθηκε|υπάρχει)\b",
    r"\bsayfa bulunamadı\b",
    r"\blehte ei leitud\b",
    r"\blapa nav atrasta\b",
    r"\bpuslapis nerastas\b",
    r"\bhalaman tidak (?:ditemukan|tersedia)\b",
    r"không tìm thấy trang|trang không tồn tại",
    r"ไม่พบหน้า",
    r"ページ(?:が|は)(?:見つかりません|存在しません)|お探しのページ",
    r"(?:页面|网页|頁面|網頁|文章)(?:不存在|未找到|找不到|已删除|已刪除)|找不到(?:该|此|您|你)?.{0,8}(?:页面|网页|頁面|網頁)",
    r"페이지를 찾을 수 없",
    r"(?:الصفحة|المقال) (?:غير موجود|غير متوفر|غير متاح)|لم يتم العثور على الصفحة",
    r"(?:הדף|העמוד) (?:לא נמצא|המבוקש)",
    r"صفحه(?: مورد نظر)?(?: شما)? (?:یافت نشد|پیدا نشد|وجود ندارد)",
    r"(?:पृष्ठ|पेज) (?:नहीं मिला|उपलब्ध नहीं)",
    r"পৃষ্ঠা(?:টি)? (?:পাওয়া যায়নি|খুঁজে পাওয়া যায়নি)",
    r"பக்கம் கிடைக்கவில்லை",
    r"صفحہ نہیں ملا",
)

BOT_TITLE: Final = _any(
    r"^just a moment\b",
    r"^un momento\.\.\.|^einen moment|^un instant|^nur einen moment",
    r"^attention required!",
    r"^access denied\b",
    r"^access to this page has been denied",
    r"^(?:please )?verify (?:that )?you are (?:a )?human",
    r"^(?:human|bot|security) (?:verification|check)\b",
    r"^are you a (?:robot|human)",
    r"^pardon our interruption",
    r"^ddos-guard",
    r"^one more step",
    r"^robot or human",
    r"^(?:captcha|recaptcha)\b",
    r"^checking your browser",
    r"^making sure you['’]re not a bot",
    r"^you have been blocked",
    r"^request (?:blocked|rejected|unsuccessful)",
    r"^(?:sucuri|cloudproxy) ",
    r"^403 forbidden|^forbidden$",
    r"^sind sie ein mensch|^sicherheitsprüfung",
    r"^vérification de sécurité",
    r"^проверка (?:браузера|безопасности|, что вы)",
    r"^安全验证|^安全驗證|^人机验证|^访问验证",
)
BOT_TEXT: Final = _any(
    r"\bchecking (?:if the site connection is secure|your browser before)\b",
    r"\bneeds to review the security of your connection\b",
    r"\bverif(?:y|ying) (?:that )?you are (?:a |not a )?(?:human|robot|bot)\b",
    r"\bconfirm (?:that )?you are (?:a |not a )?(?:human|robot|bot)\b",
    r"\b(?:unusual|suspicious) (?:traffic|activity) (?:from|on|coming)\b",
    r"\bpress (?:&|and) hold\b",
    r"\bi['’]?m not a robot\b",
    r"\bcomplete the (?:security check|captcha)\b",
    r"\benable javascript and cookies to continue\b",
    r"\bplease enable js and disable any ad blocker\b",
    r"\bincapsula incident id\b",
    r"\byou don['’]t have permission to access\b.{0,200}\breference\b",
    r"\bthis website is using a security service to protect itself\b",
    r"\bwe (?:have )?detected (?:unusual|automated|suspicious)\b",
    r"\bbrowser made us think you (?:were|are) a bot\b",
    r"\bprotected by anubis\b",
    r"\bbestätigen sie,? dass sie (?:ein mensch|kein roboter)\b",
    r"\bich bin kein roboter\b",
    r"\bje ne suis pas un robot\b|\bvous n['’]êtes pas un robot\b|\bvérifi(?:er|ez|ons) que vous êtes (?:un )?humain\b",
    r"\bno (?:soy|eres) un robot\b|\bverifi(?:ca|que|car) que (?:eres|es) humano\b",
    r"\bnão sou (?:um )?robô\b|\bnon sono un robot\b|\bik ben geen robot\b|\bnie jestem robotem\b|\bjag är inte en robot\b",
    r"\bя не робот\b|\bподтвердите,? что вы (?:не робот|человек)\b|\bпроверяем(?:,)? ваш браузер\b",
    r"\brobot olmadığınızı\b|\bben robot değilim\b",
    r"私はロボットではありません|ロボットではないことを",
    r"我不是机器人|我不是機器人|请完成(?:安全)?验证|請完成(?:安全)?驗證|拖动.{0,6}滑块",
    r"로봇이 아닙니다",
    r"لست روبوت|أنا لست برنامج روبوت",
)
BOT_MARKUP: Final = re.compile(
    r"_cf_chl_opt|cf-browser-verification|challenge-form|cf-error-details|geo\.captcha-delivery\.com|px-captcha"
    r"|_Incapsula_Resource[^>]*incident_id|sec-if-cpt-container|awsWafCookieDomainList|gokuProps|sucuri_cloudproxy_js"
    r"|class=[\"'](?:g-recaptcha|h-captcha|cf-turnstile)|/\.well-known/ddos-guard|anubis_challenge|kpsdk|ak-challenge"
)

CONSENT_TITLE: Final = _any(
    r"\bbefore you continue\b|\bbevor sie (?:fortfahren|weiterlesen)\b|\bavant de continuer\b|\bantes de continuar\b",
    r"\bprima di continuare\b|\bvoordat je verdergaat\b",
    r"\b(?:cookie|consent|privacy|datenschutz|zustimmung|einwilligung|consentement|consentimiento|consenso|toestemming|samtycke|samtykke|zgoda|souhlas)\b.{0,30}(?:settings|wall|manager|einstellungen|required|erforderlich|préférences|preferences)",
    r"^(?:zustimmung|einwilligung|privacy gate|cookie wall|cookies?|privacy)$",
    r"\byour (?:privacy|data|choices?)\b.{0,20}(?:choice|matters|control|important)",
)
CONSENT_WORDS: Final = _any(
    r"\bcookies?\b|\bconsent\w*\b|\bpartners?\b|\bvendors?\b|\bpersonali[sz]ed (?:ads|advertising|content)\b|\bprivacy\b",
    r"\beinwillig\w*\b|\bzustimm\w*\b|\bdatenschutz\w*\b|\bpartnern?\b|\bpersonalisierte\w*\b|\btracking\b|\bwerbefrei\b",
    r"\bconsentement\b|\bpartenaires\b|\bvie privée\b|\btraceurs\b|\baccepter\b|\bconfidentialité\b|\brefuser\b",
    r"\bconsentimiento\b|\bsocios\b|\bprivacidad\b|\baceptar\b|\brechazar\b|\bproveedores\b",
    r"\bconsenso\b|\bfornitori\b|\baccett\w+\b|\brifiut\w+\b|\binformativa\b",
    r"\btoestemming\b|\baccepteren\b|\bweigeren\b|\bsamtyck\w*\b|\bsamtykke\w*\b|\bgodkänn\w*\b",
    r"\bzgod[aęy]\b|\bpartnerzy\b|\bprywatno\w+\b|\bsouhlas\w*\b|\bозначава\b|\bсогласи\w*\b|\bкуки\b|\bфайлы cookie\b",
    r"\bçerez\w*\b|\bgizlilik\b|クッキー|同意|隐私|隱私|쿠키|동의|ملفات تعريف الارتباط",
)

LOGIN: Final = _any(
    r"(?:please )?(?:log|sign) ?-?in(?:to)?(?: to| with)?(?: your)?(?: account)?(?: to continue)?|account login|member login|login required",
    r"anmelden|anmeldung|einloggen|bitte melden sie sich an",
    r"connexion|se connecter|connectez-vous|identifiez-vous|identification",
    r"inici(?:ar|a|o de) sesión|acceder|accede a tu cuenta|ingresar",
    r"accedi|accesso|effettua il login|entrar|iniciar sessão|fa(?:ça|zer) login|inicia sessió",
    r"inloggen|aanmelden|logga in|inloggning|log(?:g)? (?:ind|inn)|innlogging|kirjaudu(?: sisään)?|innskráning",
    r"zaloguj(?: się)?|logowanie|přihlášení|přihlásit(?: se)?|prihlásenie|prihlásiť sa|bejelentkezés|autentificare|conectare|prijava|prijavi se",
    r"войти|вход|авторизация|вхід|увійти|σύνδεση|είσοδος|giriş(?: yap)?|oturum aç",
    r"ログイン|サインイン|登录|登入|登錄|로그인|تسجيل الدخول|دخول|התחברות|כניסה|ورود|लॉग ?इन|masuk|đăng nhập|เข้าสู่ระบบ",
)

PARKED: Final = _any(
    r"\b(?:this )?domain (?:name )?(?:\S+ )?(?:is|may be|might be|could be) (?:available )?(?:for sale|for lease|parked)\b",
    r"\bbuy this domain\b|\bdomain (?:is )?for sale\b|\binquire about this domain\b|\bmake an offer on this domain\b",
    r"\bparked (?:free,? courtesy|domain|page)\b|\bdomain (?:has )?expired\b|\bthis domain (?:was|is) (?:recently )?registered\b",
    r"\baccount (?:has been )?suspended\b|\bthis site is temporarily unavailable\b.{0,80}\bhosting\b",
    r"\bdiese domain (?:steht zum verkauf|ist zu verkaufen|kaufen|ist geparkt)\b|\bdomain (?:zu verkaufen|geparkt)\b",
    r"\b(?:ce (?:nom de )?domaine|le (?:nom de )?domaine) (?:\S+ )?est (?:à vendre|en vente|expiré)\b",
    r"\b(?:este )?dominio (?:\S+ )?(?:está )?(?:en|à) venta\b|\beste dom[íi]nio (?:\S+ )?está (?:à|a) venda\b",
    r"\b(?:questo )?dominio (?:\S+ )?è in vendita\b|\bdit domein is te koop\b|\bdomein(?:naam)? te koop\b",
    r"\bdomän(?:en)? (?:\S+ )?är till salu\b|\bdomenet? (?:\S+ )?er til sal[gs]\b|\bdomena (?:\S+ )?(?:jest )?na sprzedaż\b",
    r"\bдомен(?: \S+)? (?:продается|продаётся|припаркован|не делегирован)\b|\bsatılık (?:alan adı|domain)\b",
    r"(?:この)?ドメイン(?:は|が)?(?:販売中|売り出し中|お名前)|(?:此|该|該|本)?域名(?:正在|可)?(?:出售|轉讓|转让)|도메인 판매",
)
PARKED_MARKUP: Final = re.compile(
    r"sedoparking|parkingcrew|bodis\.com|parklogic|above\.com/marketplace|afternic\.com|dan\.com/|hugedomains|skenzo"
    r"|domainmarket|cashparking|uniregistry|img\.sedo|window\.park\s*="
)

SCRIPTS: Final = _any(
    r"\b(?:enable|turn on|activate|requires?|need|without|support)\b.{0,30}\bjava ?script\b",
    r"\bjava ?script\b.{0,40}\b(?:enabled?|required|disabled|turned off|aktivier\w*|deaktivier\w*|activ\w+|désactiv\w+|habilit\w+|attiv\w+|abilit\w+|inschakelen|ingeschakeld|aktiver\w*|włącz\w*|povol\w+|engedély\w*|включ\w+|etkin\w*)\b",
    r"\b(?:aktivieren|activ\w+|habilit\w+|abilit\w+|attiv\w+|schakel|slå på|aktiver|włącz|povolte|zapněte|включите|увімкніть|etkinleştir\w*|ative)\b.{0,30}\bjava ?script\b",
    r"java ?scriptを?(?:有効|オン)|(?:启用|開啟|啟用|打开|开启) ?java ?script|자바스크립트|تفعيل.{0,12}java ?script|جافا ?سكريبت|لتشغيل هذا التطبيق",
)

APPEAL: Final = _any_word(
    r"\bsubscribe (?:now )?to (?:continue|keep) reading\b|\bto (?:continue|keep) reading,? (?:please )?(?:subscribe|sign up|register|log ?in|become|start)",
    r"\b(?:this|the) (?:article|story|content|post) is (?:only )?(?:available )?(?:exclusively )?(?:for|to|reserved for) (?:\w+ ){0,3}(?:subscribers|members)\b",
    r"\b(?:subscribers?|members?)[- ]only (?:article|story|content|post)\b|\bexclusive (?:to|for) (?:our )?(?:subscribers|members)\b",
    r"\balready (?:a |an )?(?:subscriber|subscribed|member)\?|\bsubscribe to read (?:the )?(?:full|whole|rest|more)",
    r"\b(?:read|unlock|view|access) (?:the |this )?(?:full|rest of (?:the|this)) (?:article|story|post)\b.{0,40}\b(?:subscri|member|trial|account)",
    r"\byou(?:['’]ve| have) (?:reached|read|used) (?:your|all).{0,30}\b(?:free|limit|monthly)\b.{0,20}(?:articles?|stories|limit)?",
    r"\b(?:lesen sie|weiterlesen|jetzt weiterlesen|diesen artikel lesen sie) (?:\w+ ){0,4}mit\b.{0,30}(?:abo|plus|\+|premium)",
    r"\b(?:dieser artikel|dieser inhalt|diesen artikel) (?:\w+ ){0,4}(?:nur für|exklusiv für|abonnenten)|\bnur für abonnent\w+\b|\bbereits abonnent\w*\b|\bsie haben bereits ein abo",
    r"\b(?:article|contenu) réservé (?:à nos |aux )abonné\w*|\b(?:la suite|cet article|ce contenu) est (?:réservée?|accessible) (?:\w+ )?(?:à nos |aux )?abonné|\bil vous reste \d+ ?% (?:de cet article )?à lire|\bdéjà abonné",
    r"\bsuscríbete para (?:seguir|continuar) leyendo\b|\bcontenido exclusivo para (?:suscriptores|socios|abonados)\b|\bsolo para suscriptores\b|\bya eres suscriptor|\bpara seguir leyendo\b",
    r"\b(?:conteúdo|matéria|artigo) exclusiv[oa] para (?:assinantes|subscritores)\b|\bassine para (?:continuar|ler)\b|\bjá é assinante",
    r"\babbonati per (?:continuare|leggere)\b|\b(?:contenuto|articolo) (?:riservato|esclusivo) (?:agli|per gli) abbonati\b|\bsei già abbonato",
    r"\balleen voor (?:abonnees|leden)\b|\bexclusief voor abonnees\b|\blees (?:verder|dit artikel) met\b|\bal abonnee\b|\bverder lezen\?",
    r"\b(?:för|bara för) prenumeranter\b|\bläs vidare med\b|\bprenumerera för att (?:läsa|fortsätta)\b|\bredan prenumerant",
    r"\b(?:for|kun for) abonnent(?:er|ar)\b|\bbli abonnent for å\b|\bbliv abonnent og\b|\bdenne artik(?:kelen|len) er (?:kun )?for abonnenter|\ballerede abonnent",
    r"\bvain tilaajille\b|\btilaa (?:ja )?(?:lukeaksesi|jatkaaksesi|lue)|\boletko jo tilaaja",
    r"\bartykuł (?:dostępny )?(?:tylko )?dla (?:prenumeratorów|subskrybentów)\b|\bkup (?:dostęp|subskrypcję)\b|\bjuż (?:prenumerujesz|subskrybujesz)",
    r"\b(?:jen|pouze|len) pro předplatitele\b|\b(?:obsah|článek) (?:je )?(?:jen |pouze |len )?(?:pro|určen) (?:\w+ )?předplatitel|\blen pre predplatiteľov\b",
    r"\bcsak előfizetőknek\b|\bdoar pentru abonați\b|\bsamo za pretplatnike\b",
    r"\b(?:доступ\w*|читать)(?: \w+){0,3} (?:только|лишь) (?:для )?(?:подписчик\w+|по подписке)\b|\bоформите подписку,? чтобы\b|\bлише для передплатників\b",
    r"\b(?:sadece|yalnızca) abone(?:lere|ler)\b|\baboneler(?:e|imize) özel\b|\bμόνο για συνδρομητές\b",
    r"(?:この記事は|続きは)?(?:有料|プレミアム)?会員限定|有料会員(?:に|限定|登録)|残り ?[\d,]+ ?文字|この記事の続きを読む",
    r"(?:订阅|訂閱|付费|付費|会员|會員)(?:后|後)?(?:继续|即可|才能|可)?(?:阅读|閱讀)(?:全文|更多)?|(?:会员|會員|订户|訂戶|订阅者|訂閱者)(?:专享|專享|限定)|剩余.{0,6}(?:付费|需订阅)",
    r"(?:유료|구독) ?(?:회원|독자) ?(?:전용|만)|구독(?:하고|하시면).{0,10}(?:계속|전문)",
    r"(?:للمشتركين|للأعضاء) فقط|اشترك (?:الآن )?(?:لقراءة|لمتابعة)|למנויים בלבד|לקריאת הכתבה המלאה",
)
