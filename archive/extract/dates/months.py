"""The months of our calendar in the languages most news is in, and those of other calendars; halves of the day."""

from __future__ import annotations

from typing import Final

from archive.extract.dates.calendars import Calendar

__all__ = ["HALVES", "MONTHS"]

MONTHS: Final[tuple[tuple[Calendar, str], ...]] = (
    (
        "gregorian",
        "january jan januar jänner januari janvier janv enero ene gennaio gen janeiro stycznia styczeń января ocak"
        " |february feb febr februar februari février févr febrero febbraio fevereiro fev lutego luty февраля şubat"
        " |march mar märz mrz mars maart mrt marzo março marca marzec марта mart"
        " |april apr avril avr abril abr aprile kwietnia kwiecień апреля nisan"
        " |may mai mei mayo maggio mag maio maja maj мая mayıs"
        " |june jun juni juin junio giugno giu junho czerwca czerwiec июня haziran"
        " |july jul juli juillet juil julio luglio lug julho lipca lipiec июля temmuz"
        " |august aug augustus augusti août aout agosto ago sierpnia sierpień августа ağustos"
        " |september sep sept septembre septiembre settembre set setembro września wrzesień сентября eylül"
        " |october oct oktober okt octobre octubre ottobre ott outubro out października październik октября ekim"
        " |november nov novembre noviembre novembro listopada listopad ноября kasım"
        " |december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudzień декабря aralık",
    ),
    (
        "gregorian",
        "มกราคม ม.ค.|กุมภาพันธ์ ก.พ.|มีนาคม มี.ค.|เมษายน เม.ย.|พฤษภาคม พ.ค.|มิถุนายน มิ.ย."
        "|กรกฎาคม ก.ค.|สิงหาคม ส.ค.|กันยายน ก.ย.|ตุลาคม ต.ค.|พฤศจิกายน พ.ย.|ธันวาคม ธ.ค.",
    ),
    (
        "gregorian",  # of the Maghreb, of Morocco and of the Levant
        "يناير جانفي كانون_الثاني|فبراير فيفري شباط|مارس آذار|أبريل ابريل أفريل نيسان|مايو ماي أيار|يونيو جوان حزيران"
        "|يوليو جويلية يوليوز تموز|أغسطس أوت غشت آب|سبتمبر شتنبر أيلول|أكتوبر تشرين_الأول|نوفمبر نونبر تشرين_الثاني"
        "|ديسمبر دجنبر كانون_الأول",
    ),
    (
        "gregorian",  # of Iran and of Afghanistan
        "ژانویه جنوری|فوریه فبروری فبرورى|مارس مارچ|آوریل اپریل|مه می|ژوئن جون|ژوئیه جولای جولاى|اوت آگست اگست"
        "|سپتامبر سپتمبر|اکتبر اکتوبر|نوامبر نومبر|دسامبر دسمبر",
    ),
    (
        "persian",
        "فروردین|اردیبهشت|خرداد|تیر|مرداد امرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند",
    ),
    (
        "persian",  # of Afghanistan, in Dari
        "حمل|ثور|جوزا|سرطان|اسد|سنبله سنبلهٔ|میزان|عقرب|قوس|جدی|دلو|حوت",
    ),
    (
        "persian",  # … and in Pashto
        "وری|غویی|غبرگولی غبرګولی|چنگاښ چنګاښ|زمری|وږی|تله|لړم|لیندۍ|مرغومی|سلواغه|کب",
    ),
    (
        "persian",  # in Sorani Kurdish
        "خاکەلێوە|گوڵان بانەمەڕ|جۆزەردان|پووشپەڕ|گەلاوێژ|خەرمانان|ڕەزبەر|گەڵاڕێزان|سەرماوەز|بەفرانبار|ڕێبەندان|ڕەشەمە",
    ),
    (
        "persian",
        "farvardin|ordibehesht|khordad|tir|mordad|shahrivar|mehr|aban|azar|dey|bahman|esfand",
    ),
    (
        "hijri",
        "محرم المحرم محرم_الحرام|صفر صفر_المظفر"
        "|ربيع_الأول ر_بیع_الاول ربیع‌الاول|ربيع_الآخر ربيع_الثاني ربيع_ثاني ر_بیع_الثانی ربیع‌الثانی"
        "|جمادى_الأولى جمادى_الأول جمادی‌الاول|جمادى_الآخرة جمادى_الآخر جمادى_الثانية جمادی_الثانی جمادی‌الثانی"
        "|رجب رجب_المرجب|شعبان شعبان_المعظم|رمضان رمضان_المبارک|شوال شوال_المکرم"
        "|ذو_القعدة ذي_القعدة ذوالقعدة ذی‌القعده ذیقعدهٔ ذیقعد ذوالقعدۃ"
        "|ذو_الحجة ذي_الحجة ذوالحجة ذی‌الحجه ذیحجهٔ ذوالحجہ ذوالحجۃ",
    ),
    (
        "hijri",
        "muharram muharam muharrem|safar safer|rabi'_i rabi_i rabi'_al-awwal rabi_al-awwal rabiulawal rebiülevvel"
        "|rabi'_ii rabi_ii rabi'_al-thani rabi_al-thani rabiulakhir rebiülahir"
        "|jumada_i jumada_al-awwal jumada_al-ula jumadilawal jamadilawal cemaziyelevvel"
        "|jumada_ii jumada_al-thani jumada_al-akhirah jumadilakhir jamadilakhir cemaziyelahir"
        "|rajab recep rejab|sha'ban shaban şaban syakban syaaban|ramadan ramazan ramadhan|shawwal syawal şevval"
        "|dhu'l-qi'dah dhul-qadah dhu_al-qadah zulkaidah zulkaedah zilkade"
        "|dhu'l-hijjah dhul-hijjah dhu_al-hijjah zulhijah zilhicce",
    ),
    (
        "hebrew",  # counted from Nisan, as the library does; Adar alone is that of a year which has one
        "ניסן nisan|אייר iyar iyyar|סיוון סיון sivan|תמוז tamuz tammuz|אב av|אלול elul|תשרי tishri tishrei"
        "|חשוון חשון מרחשוון מרחשון heshvan cheshvan marcheshvan|כסלו kislev|טבת tevet|שבט shevat shvat"
        "|אדר אדר_א' אדר_א adar adar_i|אדר_ב' אדר_ב adar_ii",
    ),
)
"""Months in their order, ``|`` between them; ``_`` is a space within a name."""

HALVES: Final = {
    0: "am a.m. a.m a._m. ص صباحا ق.ظ ق.ظ. قبل_از_ظهر 上午 凌晨 清晨 早上 早晨 午前 오전 새벽 पूर्वाह्न सुबह da_manhã এএম",
    12: "pm p.m. p.m p._m. م مساء ظهرا ب.ظ ب.ظ. بعد_از_ظهر 下午 中午 晚上 傍晚 深夜 晚间 晚間 午後 오후 अपराह्न दोपहर"
    " शाम da_tarde da_noite পিএম",
}
"""Hours that a half of the day adds to those of its clock."""
