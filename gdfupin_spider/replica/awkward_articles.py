"""Articles that a careless reader gets wrong. Each of its kind was seen on old Chinese news sites."""

from datetime import date
from importlib import resources

from .grammar import TextGenerator
from .story import AttachmentLink, Block, ListBlock, Paragraph, Picture, Story, Subhead, Table


def awkward() -> list[Story]:
    """All of them, without running numbers, named by `case`."""
    return [_seed(), *_prose(), *_shapes(), *_gaps(), *_titles(), *_twins(), *_long()]


def _seed() -> Story:
    """The only known page of the real site, character by character."""
    paragraphs = resources.files(__package__).joinpath("seed-article.txt").read_text("utf-8").splitlines()
    heads = {line for line in paragraphs[1:] if len(line) < 16}
    blocks: list[Block] = [Subhead(line) if line in heads else Paragraph(line) for line in paragraphs]
    return _story(
        "seed", date(2021, 1, 13), "扶贫要闻", "社保扶贫:兜底保障,筑牢幸福“底线”", blocks, source="中国组织人事报"
    )


def _story(
    case: str, online: date, section: str, title: str | tuple[str, ...], blocks: list[Block], **more: object
) -> Story:
    fields: dict[str, object] = {
        "number": 0,
        "title": (title,) if isinstance(title, str) else title,
        "sections": (section,),
        "online": online,
        "day": (online.year, online.month, online.day),
        "clock": (10, 5 + online.day, 7),
        "source": "南方农村报",
        "blocks": tuple(blocks),
        "case": case,
    }
    return Story(**(fields | more))  # type: ignore[arg-type]


def _text(seed: str, day: date, count: int, topic: str = "industry") -> list[Block]:
    """Ordinary paragraphs, determined by the seed."""
    generator = TextGenerator(f"awkward:{seed}", day.year, day.month, day.day)
    return [
        Paragraph("".join(filter(None, (generator.unused_phrase(f"say.{topic}") for _ in range(3)))))
        for _ in range(count)
    ]


def _prose() -> list[Story]:
    """Prose that looks like the template around it."""
    return [
        _story("prose quotes landmarks", date(2016, 9, 6), "定点连线", "账本里的村庄：一位第一书记的手记", [
            Paragraph("翻开樟木坑村第一书记房志强的账本，第一页写着三行字：钱从哪里来，用到哪里去，谁来说了算。"),
            Paragraph("来源：这一栏记得最细。省里的补助、协会的捐款、村民的入股，一笔一行，少一分都要重算。"),
            Paragraph("加入时间最早的社员叫蓝水生，2010年就把三亩山地交给了合作社，如今他是果园的管理员。"),
            Paragraph("当前位置偏、路难走，是村里穷的根子。从镇上进村要过七道弯，雨天常常塌方。"),
            Paragraph("版权所有的纠纷也让他们吃过亏：合作社设计的包装被外地商贩照搬，官司打了一年多。"),
            Paragraph("上一篇日记里，他写道：“今晚又停电，点着蜡烛开会，会开得很旺。”"),
            Paragraph("下一页只有一句话：“路灯亮了。”"),
            Paragraph("打印出来的分红表贴在祠堂门口，老人们戴着老花镜，一行一行地找自己的名字。"),
            Paragraph("关闭了三年的村小学，今年秋天重新传出了读书声。"),
            Paragraph("责任编辑过他手记的人说，这是一本不用修改的书。"),
        ]),
        _story("prose quotes the footer", date(2018, 4, 11), "会员快讯", "一条网友留言牵出的爱心接力", [
            Paragraph("欢迎访问广东扶贫网的网友“山里人”今年三月留下一段话：“我们村小学的围墙倒了，谁能帮帮我们？”"),
            Paragraph("主管：这两个字让值班编辑温惠玲犯了难，帖子该转给谁？她先拨通了镇里的电话。"),
            Paragraph("地址：连南县山心村；电话：没有信号；联系人：一位不愿留名的老师。线索只有这些。"),
            Paragraph("会员单位当天就派人进了山，一个月后，新围墙砌好了，墙上写着：当前位置，起跑线。"),
        ], source="广东省扶贫开发协会"),
        _story("dates in prose", date(2014, 5, 20), "地市联播", "三十年，一条水渠的年轮", [
            Paragraph("1984年3月5日，水渠动工；1987-10-1，第一次通水；2013/12/28，全线加固完成。"),
            Paragraph("时间：2014年5月6日上午9:30。地点：渠首。老支书邹庆林把闸门摇起，水声哗地一下冲了出来。"),
            Paragraph("日期：每年的清明和冬至，村里都要清淤，这个规矩三十年没有变过。"),
            *_text("canal", date(2014, 5, 20), 2, "road"),
        ]),
        _story("opens with a date of its own", date(2012, 3, 9), "部门动态", "全省扶贫办主任会议纪要", [
            Paragraph("（2012年3月5日）"),
            Paragraph("会议讨论了上年度考核结果，研究了本年度工作安排，议定事项如下。"),
            ListBlock(("资金三月底前下达到县", "干部轮换四月底前完成", "台账六月底前全部上网"), ordered=True),
        ], source="广东省扶贫办"),
        _story("characters of markup in prose", date(2019, 7, 2), "扶贫要闻", "R&D下乡：农技员的“A<B”算术题", [
            Paragraph("“成本 < 收益，这账才算得过来。”农技员赖振宇在黑板上写下 A<B&C>D，台下的果农都笑了。"),
            Paragraph("他说的R&D，就是研究与开发。“&nbsp;”是什么？村里的小年轻告诉他，那是网页里的一个空格。"),
            *_text("rd", date(2019, 7, 2), 1),
        ]),
        _story("a song in short lines", date(2011, 10, 13), "定点连线", "瑶山新歌", [
            Paragraph(line) for line in (
                "一唱山来山连山，", "山里人家不怕难。", "前年修通盘山路，", "今年又把新屋搬。", "二唱水来水弯弯，", "清水引到灶台前。",
                "阿妈不用肩挑水，", "火塘边上笑开颜。", "（连南县山心村村民 唐火娇 编唱）",
            )
        ]),
    ]  # fmt: skip


def _shapes() -> list[Story]:
    """Bodies that are more, or less, than paragraphs."""
    funds = Table((
        ("序号", "市", "县（市、区）", "资金（万元）", "备注"),
        ("1", "清远市", "连南县", "260", ""),
        ("2", "韶关市", "乳源县", "", "待核"),
        ("3", "河源市", "和平县", "318.5", "含上年结转"),
        ("", "合计", "", "578.5", ""),
    ))  # fmt: skip
    forms = Table((("姓名", "单位", "电话"), ("", "", ""), ("", "", "")))
    contact: list[Block] = [
        Paragraph("定于4月26日上午9时在广州召开第三届理事会第二次会议，请各理事准时参加。"),
        Paragraph("联系人：丘思敏"),
        Paragraph("地址：广州市先烈东路135号2号楼1208室    邮编：510500"),
        Paragraph("电话：020-37286650    传真：020-37286651"),
        Paragraph("邮箱：huiyi2013@126.com"),
        Paragraph("广东省扶贫开发协会", "right"),
        Paragraph("二○一三年四月十日", "right"),
    ]
    day = date(2015, 11, 3)
    return [
        _story("table in the body", date(2013, 8, 15), "部门动态", "2013年第二批省级扶贫资金安排公示", [
            Paragraph("根据有关规定，现将2013年第二批省级扶贫资金安排情况公示如下，公示期7天。"),
            funds,
            Paragraph("如有异议，请于公示期内向省扶贫办反映。"),
        ], source="广东省扶贫办"),
        _story("body ends with a table", date(2017, 3, 30), "协会新闻", "会员代表报名表", [
            Paragraph("请各单位填好下表，传真至协会。"),
            forms,
        ], source="广东省扶贫开发协会"),
        _story("lists", day, "高层连线", "省扶贫开发领导小组明确六项重点任务", [
            Paragraph("会议明确了今冬明春的六项重点任务："),
            ListBlock(("完成建档立卡“回头看”", "落实住房改造扫尾", "推进产业项目验收", "做好困难群众过冬物资发放", "核实资金使用情况", "抓紧谋划明年项目"), ordered=True),
            Paragraph("会议强调三点要求："),
            ListBlock(("思想不松；", "力度不减；", "干部不撤。")),
        ]),
        _story("captions under pictures", date(2018, 10, 17), "国际交流", "“友谊果”结满南岭坡——柬埔寨学员广东行", [
            Paragraph("10月17日是国家扶贫日。来自柬埔寨的24名学员走进乳源县果园，体验了一回采摘。"),
            Picture("angkor1.jpg", "学员在果园采摘百香果（房耀华 摄）"),
            Paragraph("“这种果子我们国家也能种。”学员代表说，他记满了整整一本笔记。"),
            Picture("angkor2.jpg"),
            Picture("angkor3.jpg", "图为学员与村民合影"),
            Paragraph("考察团还参观了村里的电商服务站和卫生站。"),
        ]),
        _story("pictures only", date(2010, 7, 1), "会员快讯", "组图：扶贫济困日活动掠影", [Picture("relief1.jpg"), Picture("relief2.jpg"), Picture("relief3.jpg")], source="本站原创"),
        _story("one attachment only", date(2012, 11, 8), "协会新闻", "广东省扶贫开发协会入会申请表", [AttachmentLink("ruhui.doc", "广东省扶贫开发协会入会申请表.doc")], source="广东省扶贫开发协会"),
        _story("several attachments", date(2014, 2, 18), "协会新闻", "关于开展2014年度优秀会员评选的通知", [
            Paragraph("现将评选办法和有关表格印发给你们，请按要求填报。"),
            AttachmentLink("pingxuan1.doc", "优秀会员评选办法.doc", "附件1："),
            AttachmentLink("pingxuan2.xls", "推荐汇总表.xls", "附件2："),
            AttachmentLink("pingxuan3.pdf", "附件3：往届名单（扫描件）"),
            AttachmentLink("pingxuan4.rar", "附件4：全部表格打包下载"),
            Paragraph("广东省扶贫开发协会", "right"),
            Paragraph("2014年2月18日", "right"),
        ], source="广东省扶贫开发协会"),
        _story("contact block like the footer", date(2013, 4, 10), "协会新闻", "关于召开三届二次理事会的通知", contact, source="广东省扶贫开发协会"),
        _story("a notice of one line", date(2009, 12, 28), "协会新闻", "元旦放假通知", [Paragraph("根据国家有关规定，协会2010年元旦放假时间为1月1日至3日，4日起照常上班，有急事请与值班室联系。")], source="广东省扶贫开发协会"),
        _story("an editor closes the body", date(2020, 5, 21), "扶贫要闻", "决战决胜看南粤：最后的堡垒怎么攻", [*_text("fort", date(2020, 5, 21), 4, "rule")], editor="廖海燕", source="南方日报"),
    ]  # fmt: skip


def _gaps() -> list[Story]:
    """Bylines that lack something."""
    spring = date(2013, 3, 12)
    return [
        _story("source missing", date(2011, 4, 7), "省外要闻", "滇西山村的第一堂电脑课", _text("class", date(2011, 4, 7), 3, "school"), source=None, bare=True),
        _story("source empty", date(2012, 6, 19), "省外要闻", "桂北高寒山区建起“爱心水柜”", _text("tank", date(2012, 6, 19), 2, "road"), source=None),
        _story("author on the line", date(2016, 12, 1), "定点连线", "雪夜进山记", _text("snow", date(2016, 12, 1), 4, "party"), author="古石养"),
        _story("two authors on the line", date(2017, 9, 14), "定点连线", "两个记者和一个村庄的三年之约", _text("pact", date(2017, 9, 14), 3, "house"), author="邹少雄 谢雪芬"),
        _story("date missing", date(2010, 5, 11), "地市联播", "粤西渔村织网忙", _text("net", date(2010, 5, 11), 2, "work"), day=None),
        _story("date missing with its label", date(2010, 9, 2), "地市联播", "茂名橘农算起增收账", _text("tally", date(2010, 9, 2), 2), day=None, bare=True),
        _story("a date that no calendar has", spring, "高层连线", "省人大代表建议加大老区扶持力度", _text("old", spring, 2, "rule"), day=(2013, 2, 30)),
        _story("neither source nor author", date(2009, 6, 3), "国际交流", "东盟减贫官员研修班在穗结业", _text("asean", date(2009, 6, 3), 2, "gift"), source=None),
    ]  # fmt: skip


def _titles() -> list[Story]:
    long_title = "广东省扶贫开发协会关于转发《关于进一步动员社会各方面力量参与扶贫开发的实施意见》和组织全体会员单位深入学习贯彻并认真抓好“千企帮千村”专项行动有关工作落实情况报送的通知"
    return [
        _story("title in two lines", date(2012, 8, 22), "协会新闻", ("广东省扶贫开发协会关于召开", "第三届会员代表大会的通知"), _text("congress", date(2012, 8, 22), 2, "rule"), source="广东省扶贫开发协会"),
        _story("title with a subtitle", date(2016, 7, 26), "定点连线", "把根扎进红土地", _text("root", date(2016, 7, 26), 4, "party"), subtitle="——记徐闻县南塘镇竹园村第一书记曾晓东"),
        _story("a very long title", date(2015, 1, 22), "协会新闻", long_title, _text("very", date(2015, 1, 22), 3, "gift"), source="广东省扶贫开发协会"),
        _story("marks in the title", date(2014, 10, 15), "扶贫要闻", "《广东扶贫》杂志：从“大水漫灌”到“滴灌”的《精准》之道", _text("drip", date(2014, 10, 15), 3, "rule"), source="《广东扶贫》杂志"),
        _story("characters beyond GB2312", date(2017, 5, 18), "会员快讯", "会员代表朱镕喆、陶珺赴㙟头村捐资助学", [
            Paragraph("5月18日，会员单位代表朱镕喆、陶珺一行来到㙟头村，向村小学捐赠了一批图书和课桌。"),
            *_text("rare", date(2017, 5, 18), 2, "school"),
        ]),
        _story("title begins like a label", date(2019, 3, 28), "地市联播", "来源可查、去向可追：罗定市晒出扶贫资金明白账", _text("clear", date(2019, 3, 28), 3, "rule"), source="西江日报"),
        _story("title that quotes the menu", date(2013, 11, 20), "会员快讯", "走进会员快讯背后：企业家的下乡账本", _text("menu", date(2013, 11, 20), 3, "gift")),
    ]  # fmt: skip


def _twins() -> list[Story]:
    """Articles that look like two and are one, and the reverse."""
    spring, autumn = date(2015, 4, 9), date(2018, 9, 19)
    paragraphs = tuple(_text("twins", spring, 3, "gift"))
    return [
        _story("listed in two sections", date(2016, 6, 30), "对口帮扶", "广州对口帮扶梅州交出三年成绩单", _text("two", date(2016, 6, 30), 4, "road"), sections=("对口帮扶", "扶贫要闻")),
        _story("listed in two sections", date(2019, 10, 17), "会员快讯", "百家会员企业签下认购书", _text("buy", date(2019, 10, 17), 3, "trade"), sections=("会员快讯", "协会新闻")),
        _story("one body, two titles", spring, "会员快讯", "信和投资三年帮扶结硕果", list(paragraphs)),
        _story("one body, two titles", date(2015, 4, 16), "对口帮扶", "深圳企业三年帮扶路", list(paragraphs)),
        _story("one title, two articles", date(2016, 9, 20), "协会新闻", "协会简讯", _text("brief1", date(2016, 9, 20), 1, "gift"), source="广东省扶贫开发协会"),
        _story("one title, two articles", autumn, "协会新闻", "协会简讯", _text("brief2", autumn, 1, "gift"), source="广东省扶贫开发协会"),
    ]  # fmt: skip


def _long() -> list[Story]:
    """Articles of several pages, in markups that have them."""
    made: list[Story] = []
    cases = (
        (
            "over three pages",
            date(2018, 12, 20),
            "扶贫要闻",
            "改革开放四十年广东扶贫纪实",
            ("road", "industry", "school"),
            3,
        ),
        (
            "over four pages",
            date(2020, 10, 17),
            "扶贫要闻",
            "南粤攻坚录：从一百六十万到零",
            ("party", "house", "health", "work"),
            3,
        ),
        ("over two pages", date(2011, 6, 28), "高层连线", "“双到”扶贫启示录", ("rule", "gift"), 3),
    )
    for case, day, section, title, topics, count in cases:
        blocks: list[Block] = []
        breaks: list[int] = []
        for topic in topics:
            if blocks:
                breaks.append(len(blocks))
            blocks += [Subhead("".join(_tip(topic, day))), *_text(title + topic, day, count, topic)]
        made.append(_story(case, day, section, title, blocks, breaks=tuple(breaks), source="《广东扶贫》杂志"))
    return made


def _tip(topic: str, day: date) -> str:
    heads = {"road": "路，通向山外", "industry": "果，挂满枝头", "school": "书声，越过山岗", "party": "人，是最要紧的", "house": "家，搬到阳光下",
             "health": "药，送到床前", "work": "手，攥紧饭碗", "rule": "规矩立在前头", "gift": "众手浇开幸福花"}  # fmt: skip
    return f"{heads[topic]}（{day.year}）"
