"""The parts from which `make_sample_corpus.py` composes names and sentences."""

SURNAMES = "林陈周吴徐孙韩郑谢唐董萧曹许傅沈曾彭苏蒋蔡魏薛叶梁潘"
GIVEN = "远舟哲雨桐思嘉博涵晓诚若宁言景知帆清秋书航晨雪松"
FOREIGN = "艾洛维伦克娜布莉"
PLACE_FIRST = "云澜青临栖鹭枫霁沅岚榆棠雁岭鹤"
PLACE_LAST = ("州", "城", "港", "阳", "川", "县", "镇", "溪镇", "山县")
SCHOOLS = [
    "大学",
    "理想大学",
    "师范大学",
    "理工大学",
    "外国语大学",
    "音乐学院",
    "电影学院",
    "美术学院",
]
BRAND_FIRST = "星辰锐鼎恒瑞盛启腾弘"
BRAND_LAST = "图翔源通联拓维达森创"
LATIN = ["NO", "VA", "LU", "MI", "KE", "RO", "TI", "XA", "ZEN", "BEL"]
INDUSTRIES = ["科技", "影业", "传媒", "食品", "生物", "网络", "物流", "软件", "重工", "动漫"]
FORMS = ("", "", "集团", "公司", "有限公司", "股份有限公司")
STUDIOS = ["影业", "文化传媒", "设计事务所", "食品公司", "工作室"]
MOODS = ["沉默", "遥远", "银色", "无声", "隐秘", "漫长", "透明", "温柔", "寂静", "明亮"]
THINGS = [
    "灯塔",
    "码头",
    "旅人",
    "钟声",
    "花园",
    "邮差",
    "列车",
    "渔火",
    "信使",
    "麦田",
    "雪原",
    "河流",
    "月台",
    "海岸",
    "星空",
    "雨巷",
    "候鸟",
    "孤岛",
]
TITLE_TAILS = ["往事", "之恋", "来信", "夜话", "纪事", "奇谭"]
MEMOIRS = ["自传", "回忆录"]

# A sentence is a template. The key above a group of templates lists the facts that each of them
# states, `subject predicate object`, by slot name. Digits distinguish slots of the same kind; 9
# marks a name that is in no fact. A slot in `make_sample_corpus.NESTED` takes an outer name that
# starts with an inner one, and both may be in facts: {local_school} is 云州师范大学 and
# fills `school` and `place`.

SENTENCES = {
    "film 导演 person": """
        电影《{film}》由{person}执导
        《{film}》是{person}导演的一部剧情片
        由{person}执导的影片《{film}》在{date}公映
        影片《{film}》的导演是{person}
        {person}执导的《{film}》入围了多个影展
        《{film}》的导演{person}透露，拍摄用了三年时间
        {person}凭借电影《{film}》获得最佳导演奖
        作为《{film}》的导演，{person}对剧本改了又改
        影展上放映了《{film}》（导演：{person}）
    """,
    "film 主演 person": """
        电视剧《{film}》由{person}主演
        {person}主演的电影《{film}》票房不俗
        由{person}领衔主演的《{film}》在{date}开播
        {person}在《{film}》中饰演一位医生
        《{film}》的主演{person}出席了首映礼
        {person}凭借《{film}》获得最佳女主角奖
        《{film}》的男主角由{person}担任
    """,
    "book 作者 person": """
        《{book}》是{person}创作的长篇小说
        小说《{book}》的作者是{person}
        {person}著有小说《{book}》
        {person}所著的《{book}》已由出版社再版
        《{book}》一书由{person}撰写，{date}出版
        读者{person2}很喜欢{person}写的《{book}》
        《{book}》，作者：{person}，全书共二十章
        《{memoir}》是传主本人写下的书，{date}出版
        传主本人撰写的《{memoir}》面向青年读者
        读者{person9}很喜欢传主亲笔写的《{memoir}》
    """,
    "song 歌手 person": """
        《{song}》是{person}演唱的一首歌曲
        歌曲《{song}》由{person}演唱
        歌手{person}发行了单曲《{song}》
        《{song}》的原唱是{person}，传唱至今
        由{person}演唱的《{song}》收录于新专辑
        {person}在晚会上演唱了自己的成名曲《{song}》
        单曲《{song}》，演唱者：{person}，发行于{date}
    """,
    "company 创始人 person": """
        {company}的创始人是{person}
        {person}创办了{company}
        {company}由{person}一手创立
        {company}创始人{person}谈起了行业的未来
        辞职之后，{person}创立了{company}
        作为{company}的创始人，{person}很少接受采访
        {person}是{company}的创始人兼董事长
        {company}，创始人：{person}，员工三百余人
        “先把一件事做好。”{company}创始人{person}这样说
        以创始人名字命名的{named_company}正在招聘
        {named_company}以创始人的名字命名，员工三百余人
        {named_company}这个名字取自公司的创始人
        {named_company}用创始人的名字作招牌
    """,
    "company 总部地点 place": """
        {company}的总部位于{place}
        {company}总部设在{place}，员工上千人
        总部位于{place}的{company}发布了新产品
        {company}把总部迁到了{place}
        {company}是一家总部在{place}的企业
        在{place}，{company}的总部大楼已经启用
        {company}，总部地点：{place}，业务遍及各地
        总部就在当地的{local_company}发布了新产品
        {local_company}的总部就设在名字里的这座城市
        {local_company}，一如其名，总部就在当地
    """,
    "company 成立日期 date": """
        {company}成立于{date}
        {company}于{date}成立，主要从事零售业务
        成立于{date}的{company}正在招聘
        {date}，{company}正式成立
        {company}自{date}成立以来发展很快
        {company}，成立日期：{date}，规模不大
        {date}成立的{company}如今在{place}设有分店
        {company}的成立时间是{date}
    """,
    "school 成立日期 date": """
        {school}创办于{date}
        {school}成立于{date}，是一所综合性高校
        {date}，{school}宣告成立
        创建于{date}的{school}近日举行校庆
    """,
    "person 毕业院校 school": """
        {person}毕业于{school}
        毕业于{school}的{person}现在是一名工程师
        {person}的母校是{school}
        {date}，{person}毕业于{school}
        {person}，毕业院校：{school}，爱好书法
        在{school}拿到学位后，{person}成为一名教师
        {person}是{school}的毕业生，{person2}是他的邻居
        {school}校友{person}回到母校作报告
    """,
    "person 出生地 place": """
        {person}出生于{place}
        {person}生于{place}，自幼喜爱音乐
        {date}，{person}出生在{place}
        出生于{place}的{person}擅长绘画
        {person}，{place}人，退休前是一名教师
        {person}，出生地：{place}，身高一米八
        {place}是{person}的出生地
    """,
    "person 出生地 place, person 毕业院校 school": """
        {person}出生于{place}，毕业于{local_school}
        {place}人{person}毕业于{local_school}
        {person}毕业于{local_school}，学校所在的城市也是他的出生地
        {person}就读的{local_school}就在他出生的城市，毕业后他成为一名教师
    """,
    "person 妻子 person2": """
        {person}的妻子是{person2}
        {person}与妻子{person2}一起经营农场
        {person2}的丈夫{person}是一名医生
        {date}，{person}迎娶{person2}为妻
        {person2}嫁给了{person}，婚礼在{place}举行
        {person}，妻子：{person2}，育有一子
        {person2}是{person}的妻子，两人相识多年
        {person}和太太{person2}结婚已有十年
    """,
    "film 导演 person, film 主演 person": """
        《{film}》由{person}自导自演
        {person}自编自导自演的《{film}》即将上映
        {person}执导并主演了电影《{film}》
        在《{film}》中，{person}既是导演又是主演
        身兼导演与主演的{person}为《{film}》付出很多
        《{film}》的导演和主演都是{person}
        {person}在自己执导的《{film}》中担任主角
        《{film}》的导演{person}同时出演男主角
    """,
    "film 导演 person, film 主演 person, film 主演 person2": """
        《{film}》由{person}自导自演，{person2}联合主演
        {person}执导并与{person2}共同主演了《{film}》
        电影《{film}》由{person}自导自演，另一位主演是{person2}
        {person}在自己执导的《{film}》中与{person2}搭档主演
    """,
    "film 导演 person, film 主演 person2": """
        《{film}》是由{person}执导，{person2}主演的爱情片
        导演{person}邀请{person2}出演《{film}》的女主角
        电影《{film}》由{person2}领衔主演，由{person}执导
    """,
    "film 导演 person, film 主演 person2, film 主演 person3": """
        《{film}》由{person}执导，{person2}、{person3}主演
        {person}导演的《{film}》由{person2}和{person3}联袂主演
    """,
    "film 主演 person, film 主演 person2, film 主演 person3": """
        《{film}》由{person}、{person2}和{person3}主演
        {person}、{person2}、{person3}等人出演了电视剧《{film}》
    """,
    "film 导演 person, film2 导演 person, film3 导演 person": """
        {person}先后执导了《{film}》《{film2}》和《{film3}》
        {person}，导演，代表作有《{film}》《{film2}》《{film3}》
    """,
    "film 主演 person, film2 主演 person": """
        {person}主演过《{film}》和《{film2}》
        演员{person}参演了《{film}》《{film2}》等影视剧
    """,
    "film 导演 person, film2 主演 person": """
        {person}执导了《{film}》，还主演了《{film2}》
        主演过《{film2}》的{person}首次执导电影《{film}》
    """,
    "film 主演 person, song 歌手 person2": """
        {person}主演的《{film}》选用{person2}演唱的《{song}》作插曲
        《{song}》由{person2}演唱，是{person}主演的《{film}》的片尾曲
    """,
    "book 作者 person, book2 作者 person": """
        {person}著有《{book}》《{book2}》等书
        作家{person}的小说《{book}》和《{book2}》都很畅销
    """,
    "book 作者 person, film 导演 person2": """
        {person}写完小说《{book}》时，{person2}导演的《{film}》正在热映
        读着{person}的小说《{book}》，{person2}拍出了自己执导的《{film}》
    """,
    "song 歌手 person, song 歌手 person2": """
        《{song}》是{person}和{person2}合唱的歌曲
        {person}与{person2}对唱的《{song}》很快走红
    """,
    "company 创始人 person, company 创始人 person2": """
        {person}和{person2}共同创办了{company}
        {company}由{person}与{person2}联合创立
    """,
    "company 创始人 person, company 总部地点 place": """
        {person}创办的{company}总部位于{place}
        总部设在{place}的{company}由{person}创立
        以创始人名字命名的{named_company}总部位于{place}
        {person}创办了{named_company}，总部设在{place}
    """,
    "company 创始人 person, company 成立日期 date": """
        {date}，{person}创办了{company}
        {company}由{person}于{date}创立
    """,
    "company 总部地点 place, company 创始人 person, person 毕业院校 school": """
        {company}总部位于{place}，创始人{person}毕业于{local_school}
        {company}的总部在{place}，其创始人{person}是{school}的毕业生
    """,
    "company 总部地点 place, company 成立日期 date": """
        {date}，总部位于{place}的{local_company}成立
        {local_company}成立于{date}，总部就设在名字里的这座城市
    """,
}

#: Sentences about one entity: an opening, then two or three clauses with different facts.
CHAINS = {
    "{person}，|著名导演{person}，|演员{person}，|{person}，企业家，|歌手{person}，": {
        "person 出生地 place": "出生于{place}|生于{place}|{place}人|在{place}出生",
        "person 毕业院校 school": "毕业于{school}|毕业于{local_school}|从{local_school}毕业",
        "person 妻子 person2": "妻子是{person2}|妻子{person2}是一名教师|与妻子{person2}育有一子",
        "film 导演 person": "曾执导电影《{film}》|执导过《{film}》|导演作品有《{film}》",
        "film2 主演 person": "主演过电影《{film2}》|曾出演《{film2}》|因主演《{film2}》成名",
        "book 作者 person": "著有小说《{book}》|写有散文集《{book}》|出版了自己所著的《{book}》",
        "song 歌手 person": "演唱过歌曲《{song}》|唱红了歌曲《{song}》|演唱了单曲《{song}》",
        "company 创始人 person": "创办了{company}|创立了{named_company}|是{company}的创始人",
    },
    "{company}，|{company}是一家民营企业，|{local_company}，": {
        "company 成立日期 date": "成立于{date}|{date}成立|创立于{date}",
        "company 总部地点 place": "总部位于{place}|总部设在{place}|总部在{place}",
        "company 创始人 person": "创始人是{person}|由{person}创办|创始人为{person}",
        "company 创始人 person, company 创始人 person2": "由{person}和{person2}共同创立",
    },
    "电影《{film}》，|影片《{film}》，|电视剧《{film}》，": {
        "film 导演 person": "由{person}执导|导演是{person}|导演：{person}",
        "film 主演 person2": "由{person2}主演|{person2}领衔主演|主演：{person2}",
        "film 主演 person2, film 主演 person3": "由{person2}和{person3}联袂主演",
    },
}

#: Mentions of names that are in no relation, before and after a sentence.
BEFORE = """
    主持人{person9}介绍说，
    据记者{person9}报道，
    {date9}，在{place9}的一场活动上，
    {person9}告诉我们，
    看完电影《{film9}》，{person9}说起一件事：
    听着歌曲《{song9}》，大家聊到：
    {place9}的天气转凉了，
    {date9}消息，
"""
AFTER = """
    ，{person9}对此表示祝贺
    ，{place9}的观众反响热烈
    ，{person9}也来到现场
    ，消息传到了{place9}
    ，{person9}正在读小说《{book9}》
    ，{company9}的员工都知道这件事
    ，活动将在{place9}举行
    ，相关展览在{school9}开幕
"""

#: Sentences in the style of the corpus, with names that occur in neither train nor dev.
NEW_SENTENCES = """
    电影《候鸟的月台》由韩帆言自导自演，傅桐远联合主演。
    蒋景言，出生于棠枫县，毕业于棠枫县理想大学，妻子是薛若晨。
    2016年4月，沈雪航创办了NOZEN科技，总部位于鹤雁镇。
    歌手叶嘉宁在晚会上演唱了《渔火的海岸》，主持人梁书晓也来到现场。
    以创始人名字命名的曾秋桐工作室成立于2011年9月，总部设在岭霁城。
    作家克莉·布伦著有小说《麦田的邮差》，丈夫许清远是一名医生。
"""
