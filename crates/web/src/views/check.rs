//! The self-check: a few plain questions, and what follows from the answers. Nothing of it is kept.

use serde::Serialize;

use super::enterprise::{MatchGroup, TotalCard};
use super::shell::Shell;
use crate::templates::View;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Check {
    pub(crate) shell: Shell,
    pub(crate) questions: Vec<Question>,
    /// How many answers could not be read; each says why at its place.
    pub(crate) faults: usize,
    pub(crate) carried: Vec<Carried>,
}

/// One question in plain words.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Question {
    pub(crate) number: usize,
    /// Name of the form field and id of its label.
    pub(crate) field: String,
    pub(crate) text: String,
    pub(crate) help: Option<String>,
    /// 在哪找
    pub(crate) find: Option<String>,
    pub(crate) input: Input,
    pub(crate) also: Option<Also>,
    pub(crate) fault: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Input {
    /// A typed number with its unit.
    Number {
        value: String,
        unit: String,
    },
    Date {
        value: String,
    },
    /// Radio buttons, at most five.
    Choices {
        choices: Vec<Choice>,
    },
    /// Boxes to tick, and one that says none of them.
    Checks {
        choices: Vec<Choice>,
        nothing: Choice,
    },
    /// A list to choose from, in groups; not choosing is no answer.
    Select {
        options: Vec<Options>,
    },
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Options {
    pub(crate) label: Option<String>,
    pub(crate) choices: Vec<Choice>,
}

/// A box below a question that says a little more.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Also {
    pub(crate) field: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

impl Choice {
    pub(crate) fn new(value: &str, label: &str, chosen: bool) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), chosen }
    }
}

/// An earlier answer that travels with the form: the server keeps nothing.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Carried {
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct CheckResult {
    pub(crate) shell: Shell,
    pub(crate) answered: usize,
    pub(crate) total: Option<TotalCard>,
    pub(crate) groups: Vec<MatchGroup>,
    /// 再补充这几项: what would settle most of the undecided items.
    pub(crate) further: Vec<Question>,
    pub(crate) carried: Vec<Carried>,
}

fn sample_question() -> Question {
    Question {
        number: 1,
        field: "revenue.2025".to_owned(),
        text: "2025 年全年营业收入多少万元？".to_owned(),
        help: Some("没有就填 0".to_owned()),
        find: Some("企业所得税年度申报表".to_owned()),
        input: Input::Number { value: "1200".to_owned(), unit: "万元".to_owned() },
        also: None,
        fault: Some("请只填数字".to_owned()),
    }
}

impl View for Check {
    const TEMPLATE: &'static str = "check.html";

    fn sample() -> Self {
        let choice = |label| Choice::new("yes", label, true);
        let with = |number, input| Question { number, input, fault: None, find: None, help: None, ..sample_question() };
        let also = Some(Also { field: "place.stayed".to_owned(), label: "一直在这里".to_owned(), chosen: true });
        let options = vec![
            Options { label: Some("武汉市".to_owned()), choices: vec![choice("洪山区")] },
            Options { label: None, choices: vec![choice("其他")] },
        ];
        Self {
            shell: Shell::sample("自测", "check"),
            questions: vec![
                sample_question(),
                with(2, Input::Date { value: String::new() }),
                with(3, Input::Choices { choices: vec![choice("是")] }),
                Question { also, ..with(4, Input::Select { options }) },
                with(5, Input::Checks { choices: vec![choice("高新技术企业")], nothing: choice("以上都没有") }),
            ],
            faults: 1,
            carried: vec![Carried { name: "area".to_owned(), value: "420111".to_owned() }],
        }
    }
}

impl View for CheckResult {
    const TEMPLATE: &'static str = "check_result.html";

    fn sample() -> Self {
        Self {
            shell: Shell::sample("自测结果", "check"),
            answered: 9,
            total: Some(TotalCard::sample()),
            groups: vec![MatchGroup::sample()],
            further: vec![sample_question()],
            carried: vec![Carried { name: "area".to_owned(), value: "420111".to_owned() }],
        }
    }
}
