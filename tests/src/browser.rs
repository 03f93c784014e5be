//! A real headless Chromium, driven through ChromeDriver as a person would click.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// One browser with its driver; both end when it is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    pub client: Client,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// `None` where no ChromeDriver is installed and `HANQITONG_REQUIRE_BROWSER` is not set.
    pub async fn start() -> Option<Self> {
        let Some(path) = find("chromedriver") else {
            assert!(!crate::is_required("BROWSER"), "chromedriver is required and was not found in PATH");
            eprintln!("skipped: no chromedriver in PATH");
            return None;
        };
        let (driver, port) = start_driver(&path);
        let profile = tempfile::tempdir().expect("a temporary directory");
        let capabilities = json!({ "goog:chromeOptions": { "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
            "--hide-scrollbars", "--lang=zh-CN", "--force-device-scale-factor=1",
            format!("--user-data-dir={}", profile.path().display()),
        ]}});
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().expect("an object").clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser session");
        Some(Self { driver, client, _profile: profile })
    }

    /// Shows a page at this width, as tall as its content.
    pub async fn show(&self, url: &str, width: u32) {
        self.client.set_window_size(width, 900).await.expect("a window size");
        self.client.goto(url).await.expect("the page opens");
        self.fit(width).await;
    }

    /// Grows the window to the content and fails if the page scrolls sideways.
    pub async fn fit(&self, width: u32) {
        let size = self
            .client
            .execute(
                "return [document.documentElement.scrollWidth, document.documentElement.scrollHeight, window.innerWidth]",
                Vec::new(),
            )
            .await
            .expect("a measure");
        let at = |index: usize| size[index].as_u64().unwrap_or_default();
        assert!(at(0) <= at(2), "the page scrolls sideways at {width} px: {} > {}", at(0), at(2));
        let height = u32::try_from(at(1)).unwrap_or(900).clamp(600, 6000) + 140;
        self.client.set_window_size(width, height).await.expect("a window size");
    }

    /// Writes what the window shows as PNG.
    pub async fn picture(&self, file: &Path) {
        let png = self.client.screenshot().await.expect("a screenshot");
        std::fs::write(file, png).expect("a written picture");
    }

    /// Ends the session in good order.
    pub async fn close(self) {
        drop(self.client.clone().close().await);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// The driver chooses a free port and says it on stdout.
fn start_driver(path: &Path) -> (Child, u16) {
    let mut driver = Command::new(path)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts");
    let stdout = driver.stdout.take().expect("a piped stdout");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let port = lines
        .find_map(|line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?.trim_end_matches('.').parse().ok()
        })
        .expect("chromedriver says its port");
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port)
}
