"""Chinese sentences as such sites print them, for hypothesis to choose from."""

from hypothesis import strategies as st

_WHO = (
    "省扶贫办",
    "驻村工作队",
    "村支书邱永忠",
    "七十三岁的叶阿婆",
    "协会会员单位",
    "县人社局",
    "返乡青年李嘉琪",
    "石坑村的茶农们",
)
_WHEN = ("去年以来，", "今年3月，", "9月16日上午，", "截至2020年底，", "清明刚过，", "短短三年，", "“十二五”期间，", "")
_DID = (
    "筹资86万元修通了进山公路",
    "走访了三县（市）的九个贫困村",
    "累计上门随访四千六百余次",
    "卖出干茶1.2万斤，户均增收6400元",
    "把资金、技术和订单送到了田头",
    "说：“走了一辈子水路，今天走的是路。”",
    "召开理事会，增补理事9名",
    "引进龙头企业，采取“公司+基地+农户”模式",
)
_END = ("。", "。", "。", "！", "……", "；请各单位认真执行。", "，引起热烈反响。", "（记者 王立）。")
_TOPIC = (
    "高山云雾茶",
    "一座桥",
    "山里娃的新课堂",
    "养猪场里的账本",
    "驻村日记",
    "稻鱼共生",
    "荔枝红了",
    "小额信贷",
    "扶贫车间",
)
_SAID = (
    "连起两岸人家",
    "开出致富花",
    "怎么算？",
    "走遍二十八个村",
    "让撂荒田醒来",
    "——记连山县沙田村",
    "撬动“大产业”",
    "（组图）",
)

sentences = st.builds("".join, st.tuples(*map(st.sampled_from, (_WHEN, _WHO, _DID, _END))))
paragraphs = st.lists(sentences, min_size=1, max_size=4).map("".join)
titles = st.builds("".join, st.tuples(st.sampled_from(_TOPIC), st.sampled_from(_SAID)))
