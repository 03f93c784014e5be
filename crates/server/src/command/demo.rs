//! `demo`: an empty directory becomes a city that has been told this week's policies.

use census::Library;
use chrono::NaiveDate;
use domain::{ChannelKind, EnterpriseOrdinal, Mode, Reason, RunKind, Scope, Standing};
use pipeline::Context;
use pipeline::dispatch::DispatchReport;
use pipeline::matching::MatchReport;
use pipeline::planning::PlanReport;

use super::{migrate, rule, seed, serve};
use crate::app::{self, Options};
use crate::cli::Demo;
use crate::config::Config;
use crate::failure::Failure;
use crate::output::{line, progress};

/// Everything the summary tells.
struct Story {
    seeds: seed::Sown,
    matches: MatchReport,
    example: Option<EnterpriseOrdinal>,
    plan: PlanReport,
    delivered: DispatchReport,
}

pub(super) async fn run(mut config: Config, args: &Demo) -> Result<(), Failure> {
    if let Some(dir) = &args.data {
        config.data.dir.clone_from(dir);
    }
    if let Some(port) = args.port {
        config.server.bind.set_port(port);
    }
    let listener = serve::bind(&config)?;
    // Links in letters and the built-in receiver lead to the port that was really given.
    if let Ok(address) = listener.local_addr() {
        config.server.bind.set_port(address.port());
    }
    progress("1/6 建立数据库");
    migrate::apply(&config).await?;
    let cx = app::open(&config, Options { as_of: args.as_of, reach_loopback: true }).await?;
    let pages = app::pages(&config, &cx, Some(app::demo_pages(&config)))?;
    let pages = web::serve(listener, pages, config.server.shutdown.0)?;
    let handle = pages.handle();
    let serving = tokio::spawn(pages.wait());
    let story = tell(&config, &cx).await?;
    summary(&config, &cx, &story).await?;
    if args.no_serve {
        handle.stop().await;
        return Ok(());
    }
    line(format!("\n网页已打开:{}  (Ctrl-C 停止)", config.base_url()))?;
    serve::until_stopped(&config, &cx, Some((handle, serving)), true).await
}

async fn tell(config: &Config, cx: &Context) -> Result<Story, Failure> {
    let day = cx.today();
    progress("2/6 载入政策、演示企业(合成)与演示窗口");
    let seeds = seed::sow(config, cx, true).await?;
    progress("3/6 建立索引");
    pipeline::index::follow(cx).await?;
    progress("4/6 逐家逐项判定");
    let (matches, example) = judge(cx).await?;
    progress("5/6 生成本周推送");
    let plan = plan(cx, day).await?;
    progress("6/6 投递");
    let delivered = pipeline::dispatch::run(cx).await?;
    Ok(Story { seeds, matches, example, plan, delivered })
}

/// The full match; the example is the first firm with a match and something still open.
async fn judge(cx: &Context) -> Result<(MatchReport, Option<EnterpriseOrdinal>), Failure> {
    let report = pipeline::matching::run(cx).await?;
    let example = cx.census.ask(|city| {
        city.ordinals().find(|ordinal| {
            let told = city.standings_of(*ordinal).unwrap_or_default();
            told.contains(&Standing::Met) && told.contains(&Standing::MissingInformation)
        })
    });
    Ok((report, example.await.map_err(pipeline::Error::from)?))
}

async fn plan(cx: &Context, day: NaiveDate) -> Result<PlanReport, Failure> {
    Ok(pipeline::planning::run(cx, RunKind::Weekly, day, cx.now()).await?)
}

async fn summary(config: &Config, cx: &Context, story: &Story) -> Result<(), Failure> {
    let (seeds, matches) = (&story.seeds.library, &story.matches);
    line(format!("\n汉企通演示 · 以 {} 为今天", cx.today()))?;
    line("──────────────────────────────────────────────")?;
    line(format!(
        "政策库      {} 份政策,{} 个事项,{} 个真实窗口,另加 {} 个演示窗口(合成)",
        seeds.policies, seeds.items, seeds.calls, story.seeds.synthetic_calls
    ))?;
    line(format!("企业        {} 家(合成数据),{} 个订阅", story.seeds.firms, story.seeds.subscriptions))?;
    line(format!("判定        {} 家 × {} 项", matches.enterprises, matches.items))?;
    for (standing, count) in &matches.standings {
        line(format!("              {:>6}  {}", count, standing.label(Mode::Application)))?;
    }
    line(format!("            {} 家至少有一项现在就能办", matches.actionable))?;
    line(format!(
        "推送        批次 {}:{} 位收件人,告知 {} 位",
        story.plan.slot, story.plan.recipients, story.plan.addressed
    ))?;
    for (reason, count) in &story.plan.lines {
        line(format!("              {count:>6}  {}", reason_label(reason)))?;
    }
    let delivered = &story.delivered;
    for (channel, count) in &delivered.sent {
        line(format!("            {} 已送达 {count}", channel_label(*channel)))?;
    }
    if delivered.total_sent() == 0 {
        line("            这一批没有新内容:该说的都说过了")?;
    }
    if delivered.retry + delivered.failed + delivered.in_doubt > 0 {
        line(format!(
            "            稍后重试 {},失败 {},存疑 {}",
            delivered.retry, delivered.failed, delivered.in_doubt
        ))?;
    }
    line(format!("邮件        {}", config.mailbox_dir().display()))?;
    line(format!("Webhook     {}", config.receiver_dir().display()))?;
    example(cx, story.example).await
}

/// One firm and one item with every reason, as the page shows it.
async fn example(cx: &Context, ordinal: Option<EnterpriseOrdinal>) -> Result<(), Failure> {
    let Some(ordinal) = ordinal else { return Ok(()) };
    let Some(firm) = cx.store.find_enterprise_by_ordinal(&Scope::System, ordinal).await? else { return Ok(()) };
    let library = Library::load(&cx.store, &cx.reference).await?;
    let matches = library.matcher.explain_all(&firm.profile, &cx.reference, cx.today());
    let Some(found) = matches.iter().find(|one| one.standing == Standing::Met) else { return Ok(()) };
    let Some(explanation) = &found.explanation else { return Ok(()) };
    line(format!("\n举例:{} 与「{}」", firm.profile.name, found.entry.item.revision.name))?;
    for text in rule::describe(explanation).lines() {
        line(format!("  {text}"))?;
    }
    Ok(())
}

fn reason_label(reason: &str) -> &'static str {
    Reason::from_word(reason).map_or("其他", letters::reason_words)
}

fn channel_label(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Email => "邮件",
        ChannelKind::Webhook => "Webhook",
    }
}
