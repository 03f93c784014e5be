//! Items: JSON lines, one item each, with what their mix of operators is beside what was wanted.

use std::io::{BufWriter, Write};

use domain::Clock;
use domain::synthetic::items::{Items, Mix, SyntheticItem, wanted};
use rules::Reference;
use serde_json::json;

use super::{create, pieces};
use crate::cli::Generate;
use crate::clock::SystemClock;
use crate::failure::Failure;
use crate::output;

/// Items made and written together.
const PIECE: u32 = 50;

pub(super) fn run(args: &Generate) -> Result<(), Failure> {
    let as_of = args.as_of.unwrap_or_else(|| SystemClock.now().day(chrono_tz::Asia::Shanghai));
    let library = Items::new(args.seed, as_of);
    let mut out = BufWriter::new(create(&args.out)?);
    let (mut mix, mut own_day, mut own_values) = (Mix::default(), 0_u64, 0_u64);
    pieces::in_order(
        args.count.div_ceil(PIECE),
        |number| {
            let first = number * PIECE;
            let items = (first..args.count.min(first.saturating_add(PIECE))).map(|index| library.item(index));
            items.map(read).collect::<Result<Vec<_>, _>>()
        },
        |items| {
            for (item, of_one) in items {
                own_day += u64::from(item.as_of.is_some());
                own_values += u64::from(!item.parameters.is_empty());
                mix.merge(of_one);
                serde_json::to_writer(&mut out, &line(&item))?;
                out.write_all(b"\n")?;
            }
            Ok(())
        },
    )?;
    out.flush()?;
    output::line(format!("已生成 {} 个合成事项:{}", args.count, args.out.display()))?;
    output::line(format!(
        "{own_day} 个另有评价日,{own_values} 个另有参数值;要推算的条件 {} / {}",
        mix.derived(),
        mix.asked()
    ))?;
    for (operator, aim, derived) in wanted() {
        let mark = if derived { "(要推算)" } else { "" };
        output::line(format!("{operator:>18}  要求 {aim:>3}‰  实得 {:>3}‰{mark}", mix.thousandths(operator)))?;
    }
    Ok(())
}

/// The item with the mix of its condition.
fn read(item: SyntheticItem) -> Result<(SyntheticItem, Mix), Failure> {
    let reference = Reference::builtin();
    let mut mix = Mix::default();
    let condition = rules::text::parse(&item.condition, reference)
        .map_err(|problems| anyhow::anyhow!("{}: {problems:?}", item.code))?;
    mix.add(&condition, reference);
    Ok((item, mix))
}

fn line(item: &SyntheticItem) -> serde_json::Value {
    json!({
        "code": item.code, "name": item.name, "condition": item.condition, "amount": item.amount,
        "as_of": item.as_of, "parameters": item.parameters,
    })
}
