//! A notice, sentence by sentence: what it demands, each leaf with its words.

use std::ops::Range;

use rules::Reference;
use rules::reference::FactKind;

use crate::clause::{Carried, Heading, Lexicon, award};
use crate::convention;
use crate::dictionary::Nouns;
use crate::leaf::{Leaf, Tree};
use crate::piece::{self, Leaves};
use crate::rule;
use crate::split;
use crate::text::Text;
use crate::tier;
use crate::window;

/// What a whole text is read as.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Proposal {
    pub sentences: Vec<Sentence>,
}

/// One sentence (with the list it leads) and its reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub leaves: Vec<Leaf>,
    pub tree: Tree,
}

/// Enumerations inside enumerations inside …: real notices stay below four.
const DEEPEST: usize = 5;

/// Reads a notice. Total: any text gives a proposal, wording that asks for nothing gives none of it.
pub fn propose(text: &str, reference: &Reference) -> Proposal {
    read(text, reference, false)
}

/// Reads text that stands under a heading such as 不予支持: none of it may be so.
pub fn propose_refused(text: &str, reference: &Reference) -> Proposal {
    read(text, reference, true)
}

fn read(source: &str, reference: &Reference, refused: bool) -> Proposal {
    let text = Text::new(source);
    let lexicon = lexicon(reference);
    let convention = convention::of(&text);
    let mut sentences = Vec::new();
    let mut refusal: Option<split::Mark> = None;
    for block in blocks(&text) {
        let mark = split::mark(&text, block.start).map(|(mark, ..)| mark);
        // A refusing heading holds for the items below it, up to a mark of its own kind.
        if refusal.is_some() && (mark.is_none() || mark == refusal) {
            refusal = None;
        }
        if is_heading(&text, &block, mark.is_some()) {
            refusal = mark.filter(|_| piece::refuses(&text, block.clone())).or(refusal);
            continue;
        }
        // An item that says 不予支持 itself has said it.
        let refused = refused || refusal.is_some() && !piece::refuses(&text, block.clone());
        let mut leaves = Leaves::default();
        let under = Under { heading: Heading { refusing: refused, ..Heading::default() }, alternative: false };
        let tree = Reader { text: &text, lexicon: &lexicon }.span(block.clone(), &mut leaves, DEEPEST, under);
        let Some(tree) = tree else { continue };
        let tree = if refused { Tree::None(vec![tree]) } else { tree };
        let mut leaves = leaves.0;
        for leaf in &mut leaves {
            convention.apply(leaf);
        }
        tier::disjoint(&mut leaves);
        for leaf in &mut leaves {
            rule::word(leaf, reference);
            leaf.span = text.bytes(leaf.span.clone());
        }
        sentences.push(Sentence { span: text.bytes(block), leaves, tree });
    }
    Proposal { sentences }
}

/// 一、申报条件 and 三、不予支持的情形 are no sentences, the lines below them are.
fn is_heading(text: &Text, block: &Range<usize>, is_marked: bool) -> bool {
    const TITLES: &[&str] = &[
        "条件", "情形", "情况", "要求", "范围", "对象", "标准", "内容", "方式", "材料", "程序", "流程", "时间", "依据",
        "原则", "目标", "事项", "方向", "重点",
    ];
    let longest = if is_marked { 24 } else { 8 };
    let ends = TITLES.iter().any(|title| text.ends_with(block.start, block.end, title).is_some());
    let is_line = block.len() <= longest && !text.contains_any(block.clone(), &["。", ";", ",", ":"]);
    is_line && (ends || piece::refuses(text, block.clone()))
}

fn lexicon(reference: &Reference) -> Lexicon<'_> {
    let mut honours: Vec<&str> = Vec::new();
    for fact in reference.catalogue.iter() {
        let Some(shape) = fact.list().filter(|_| ["certificates", "awards", "rd_orgs"].contains(&fact.key.as_str()))
        else {
            continue;
        };
        for field in shape.fields.iter().filter(|field| Some(&field.key) == shape.label.as_ref()) {
            if let FactKind::Code { options, .. } | FactKind::Codes { options } = &field.kind {
                honours.extend(
                    options
                        .iter()
                        .flat_map(|option| std::iter::once(&option.code).chain(&option.aliases))
                        .map(String::as_str),
                );
            }
        }
    }
    honours.retain(|name| name.chars().count() >= 3 && *name != "其他");
    Lexicon { nouns: Nouns::new(reference), honours }
}

/// Lines; a line that ends in a colon leads the marked lines below it.
fn blocks(text: &Text) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut leads: Option<(Option<split::Mark>, bool)> = None;
    let mut start = 0;
    for end in (0..=text.len()).filter(|at| *at == text.len() || text.at(*at) == Some('\n')) {
        let line = text.trimmed(start..end);
        start = end + 1;
        if line.is_empty() {
            continue;
        }
        let mark = split::mark(text, line.start).map(|(mark, ..)| mark);
        if let Some((own, _)) = leads
            && mark.is_some()
            && mark != own
            && let Some(block) = blocks.last_mut().filter(|block| line.end - block.start < LONGEST_BLOCK)
        {
            block.end = line.end;
            continue;
        }
        leads = (text.at(line.end - 1) == Some(':')).then_some((mark, true));
        blocks.push(line);
    }
    blocks
}

/// Longer lists are read line by line.
const LONGEST_BLOCK: usize = 4000;

struct Reader<'a> {
    text: &'a Text,
    lexicon: &'a Lexicon<'a>,
}

/// How the items of a list join, by the words in front of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    All,
    Any,
    None,
    AtLeast(usize),
}

/// How what is read stands below what was read before.
#[derive(Clone, Copy, Debug, Default)]
struct Under {
    /// One of the items is enough.
    alternative: bool,
    heading: Heading,
}

impl Reader<'_> {
    fn span(&self, span: Range<usize>, leaves: &mut Leaves, depth: usize, under: Under) -> Option<Tree> {
        let span = self.text.trimmed(span);
        let span = match split::mark(self.text, span.start) {
            Some((.., begins)) if begins < span.end => begins..span.end,
            _ => span,
        };
        if depth > 0
            && let Some((head, items)) =
                split::enumeration(self.text, &span).or_else(|| split::unmarked(self.text, &span))
        {
            return self.list(head, items, leaves, depth, under);
        }
        let mut carried = Carried { heading: under.heading, ..Carried::default() };
        let mut all: Vec<Tree> = Vec::new();
        for piece in split::pieces(self.text, span) {
            let or = self.text.starts_with(piece.start, "或");
            let Some(tree) = piece::read(self.text, piece, self.lexicon, &mut carried, leaves, under.alternative)
            else {
                continue;
            };
            match all.pop() {
                Some(before) if or => all.push(before.or(tree)),
                before => {
                    all.extend(before);
                    all.push(tree);
                }
            }
        }
        Tree::All(all).simplified()
    }

    fn list(
        &self,
        head: Range<usize>,
        items: Vec<Range<usize>>,
        leaves: &mut Leaves,
        depth: usize,
        above: Under,
    ) -> Option<Tree> {
        let joint = self.joint(&head);
        // The words that lead the list are no condition; what stands before them may be.
        let lead = (head.start..head.end)
            .rev()
            .find(|at| self.text.at(*at).is_some_and(|one| ",。;\n".contains(one)))
            .map_or(head.start, |at| at + 1);
        let or = self.text.starts_with(lead, "或");
        let before = if lead > head.start { self.span(head.start..lead, leaves, 0, above) } else { None };
        let under = Under {
            alternative: joint == Joint::Any,
            heading: Heading {
                pays: above.heading.pays || award::heads(&self.text.words(head.clone())),
                refusing: above.heading.refusing || joint == Joint::None,
                window: window::recent(self.text, head).or(above.heading.window),
            },
        };
        let items: Vec<Tree> = items.into_iter().filter_map(|item| self.span(item, leaves, depth - 1, under)).collect();
        let items = match joint {
            Joint::All => Tree::All(items),
            Joint::Any => Tree::Any(items),
            Joint::None => Tree::None(items),
            Joint::AtLeast(k) => Tree::AtLeast(k, items),
        };
        match before {
            Some(before) if or => Tree::Any(vec![before, items]),
            Some(before) => Tree::All(vec![before, items]),
            None => items,
        }
        .simplified()
    }

    fn joint(&self, head: &Range<usize>) -> Joint {
        const LOOK: usize = 60;
        let near = head.end.saturating_sub(LOOK).max(head.start)..head.end;
        let says = |words: &[&str]| self.text.contains_any(near.clone(), words);
        if says(&["不得", "不予", "未发生", "不存在", "未有", "没有下列", "不能申"]) {
            return Joint::None;
        }
        for (number, words) in
            [(2, ["两项", "2项", "二项"]), (3, ["三项", "3项", "3 项"]), (4, ["四项", "4项", "4 项"])]
        {
            if says(&words) && says(&["任意", "任", "至少", "以上", "其中"]) {
                return Joint::AtLeast(number);
            }
        }
        if says(&["之一", "任一", "任意一", "其中一", "中的一项", "至少一", "一项以上", "1项以上", "一项", "任何一"])
        {
            Joint::Any
        } else {
            Joint::All
        }
    }
}
