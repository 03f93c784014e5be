//! Wrong usage, answered in Chinese with the place and a remedy. Exit code 2.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What to print for a command line that did not parse.
pub(crate) fn describe(error: &clap::Error) -> String {
    let part = |kind| error.get(kind).map(text).unwrap_or_default();
    let what = part(ContextKind::InvalidArg);
    let mut message = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有这个参数:{what}"),
        ErrorKind::InvalidSubcommand => format!("没有这个命令:{}", part(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少参数:{what}"),
        ErrorKind::MissingSubcommand => "缺少子命令".to_owned(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{what} 的值不对:{}", part(ContextKind::InvalidValue))
        }
        ErrorKind::ArgumentConflict => format!("{what} 不能与 {} 同用", part(ContextKind::PriorArg)),
        ErrorKind::NoEquals | ErrorKind::WrongNumberOfValues | ErrorKind::TooManyValues | ErrorKind::TooFewValues => {
            format!("{what} 的值的个数不对")
        }
        _ => return error.to_string(),
    };
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        let suggestion = part(kind);
        if !suggestion.is_empty() {
            message.push_str(&format!(";是不是 {suggestion}?"));
        }
    }
    let valid = part(ContextKind::ValidValue);
    if !valid.is_empty() {
        message.push_str(&format!(";可选:{valid}"));
    }
    message.push_str("。用 --help 查看全部用法");
    message
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(one) => one.clone(),
        ContextValue::Strings(many) => many.join("、"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    fn wrong(args: &[&str]) -> String {
        let args = std::iter::once("hanqitong").chain(args.iter().copied());
        describe(&Cli::try_parse_from(args).unwrap_err())
    }

    #[test]
    fn wrong_usage_names_the_place_and_the_remedy_in_chinese() {
        assert_eq!(wrong(&["dmeo"]), "没有这个命令:dmeo;是不是 demo?。用 --help 查看全部用法");
        assert!(wrong(&["demo", "--prot", "1"]).starts_with("没有这个参数:--prot;是不是 --port"));
        assert!(wrong(&["serve", "--role", "everything"]).contains("可选:all、web、worker"));
        assert!(wrong(&["demo", "--as-of", "2026-13-01"]).contains("2026-13-01"));
        assert!(wrong(&["match", "--all", "--profile", "x"]).contains("不能与"));
        assert!(wrong(&["match"]).contains("缺少参数"));
    }
}
