//! `extract FILE` proposes a condition from a notice; `eval extract` scores the proposals against structured sentences.

use std::io::Read;
use std::path::Path;

use extract::judge::{Figures, Report, Share};
use extract::leaf::{Leaf, Role};
use extract::{Proposal, Sentence};
use rules::Reference;
use serde_json::json;

use super::rule::read;
use crate::failure::Failure;
use crate::output;

/// The longest notice read; the longest real one is a hundredth of it.
const LONGEST: u64 = 16 << 20;

pub(super) fn propose(file: &Path, as_json: bool) -> Result<(), Failure> {
    let text = notice(file)?;
    let reference = Reference::builtin();
    let proposal = extract::propose(&text, reference);
    let condition = extract::condition(&proposal, reference);
    let printed = condition.as_ref().map(|condition| rules::text::print(condition, reference));
    if as_json {
        let problems = condition.map(|condition| rules::check(&condition, reference)).unwrap_or_default();
        let sentences: Vec<_> =
            proposal.sentences.iter().map(|sentence| of_sentence(sentence, &text, reference)).collect();
        return Ok(output::json(&json!({ "sentences": sentences, "condition": printed, "problems": problems }))?);
    }
    output::line(listing(&proposal, &text, reference))?;
    match printed {
        Some(printed) => Ok(output::line(format!("# 整个条件\n{printed}"))?),
        None => Ok(output::line("没有读出申报条件")?),
    }
}

/// The notice as text, from a file or from standard input.
fn notice(file: &Path) -> Result<String, Failure> {
    if file.as_os_str() != "-" {
        return read(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::bad_input("标准输入超过 16 MB;一次只读一份通知"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::bad_input(format!("标准输入第 {at} 字节起不是 UTF-8 文本;请另存为 UTF-8"))
    })
}

fn listing(proposal: &Proposal, text: &str, reference: &Reference) -> String {
    let mut lines = Vec::new();
    for sentence in &proposal.sentences {
        let words = text.get(sentence.span.clone()).unwrap_or_default().trim();
        lines.push(format!("# {}", words.replace('\n', "\n# ")));
        for leaf in &sentence.leaves {
            lines.push(format!("#   {}..{} {}", leaf.span.start, leaf.span.end, outline(leaf)));
        }
        lines.push(extract::text_of(sentence, reference).unwrap_or_else(|| "# 没有申报条件".into()));
        lines.push(String::new());
    }
    lines.join("\n")
}

fn outline(leaf: &Leaf) -> String {
    let words = leaf.words.replace('\n', " ");
    let read = match (leaf.role, &leaf.rule) {
        (Role::Award, _) => "兑现标准,不是申报条件".to_owned(),
        (Role::Manual, _) => "没有读懂,留作人工".to_owned(),
        (Role::Requirement, Some(rule)) => rule.clone(),
        (Role::Requirement, None) => "目录里没有对应的事实,留作人工".to_owned(),
    };
    let doubts: Vec<&str> = leaf.doubts.iter().map(|doubt| doubt.words()).collect();
    let doubts =
        if doubts.is_empty() || leaf.rule.is_none() { String::new() } else { format!(" ?{}", doubts.join(";")) };
    format!("「{words}」→ {read}{doubts}")
}

fn of_sentence(sentence: &Sentence, text: &str, reference: &Reference) -> serde_json::Value {
    json!({
        "span": [sentence.span.start, sentence.span.end],
        "text": text.get(sentence.span.clone()).unwrap_or_default(),
        "condition": extract::text_of(sentence, reference),
        "leaves": sentence.leaves.iter().map(extract::view).collect::<Vec<_>>(),
        "tree": extract::view_tree(&sentence.tree),
    })
}

pub(super) fn judge(conditions: &Path, as_json: bool) -> Result<(), Failure> {
    let text = read(conditions)?;
    let judged = extract::judge::read(&text)
        .map_err(|problem| Failure::bad_input(format!("{}:{problem}", conditions.display())))?;
    let report = extract::judge::judge(&judged, Reference::builtin());
    if as_json { Ok(output::json(&report)?) } else { Ok(output::line(describe(&report))?) }
}

fn describe(report: &Report) -> String {
    let unmapped: Vec<String> =
        report.unmapped_fields.iter().map(|(field, count)| format!("{field} {count}")).collect();
    [
        format!("句子 {}", report.sentences),
        figures("申报条件的叶子", &report.leaves),
        figures("  其中数值与日期", &report.numeric),
        share("  不需确认的叶子,对的", &report.sure),
        figures("兑现标准(award_*)", &report.award),
        format!("人工(manual) 标注 {},留作人工 {}", report.manual.expected, report.manual.proposed),
        share("事实对应(字段有对应的)", &report.facts),
        share("结构(读对的叶子之间)", &report.shape),
        share("  两个叶子以上的句子", &report.shape_of_several),
        share("整句全对", &report.whole),
        format!("没有对应事实的字段 {} 个:{}", unmapped.len(), unmapped.join("、")),
    ]
    .join("\n")
}

fn figures(name: &str, figures: &Figures) -> String {
    format!(
        "{name} 标注 {},提出 {},对 {};准确率 {:.3},召回率 {:.3}",
        figures.expected,
        figures.proposed,
        figures.right,
        figures.precision(),
        figures.recall()
    )
}

fn share(name: &str, share: &Share) -> String {
    format!("{name} {} / {} = {:.3}", share.right, share.of, share.value())
}
