//! The program itself: how soon it answers, what it holds, what a browser loads first.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant as Moment};

use crate::Fallible;
use crate::table::Table;

/// Measures what there is: the released program beside this one, and the web app that it was built with.
pub fn measure(table: &mut Table) -> Fallible<()> {
    let mut column = table.column("program");
    let program = std::env::current_exe()?.with_file_name("stagecraft");
    if program.is_file() {
        let (start, memory) = serve(&program)?;
        column.put("start to the open door, empty database, ms", format!("{:.0}", start.as_secs_f64() * 1_000.0));
        column.put("memory while idle, MB", format!("{:.0}", memory as f64 / 1024.0));
        column.put("size of the program, MB", format!("{:.0}", std::fs::metadata(&program)?.len() as f64 / 1_048_576.0));
    }
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist");
    if let Some(bytes) = first_load(&dist)? {
        column.put("first load of the web app, gzip, kB", format!("{:.0}", bytes as f64 / 1_024.0));
    }
    Ok(())
}

/// How long it is left alone before its memory is looked at: what a start needs is given back by then.
const ALONE: Duration = Duration::from_secs(30);

/// Starts it on an empty folder until it says where it listens; its memory when nobody has asked anything for a while, in kB.
fn serve(program: &Path) -> Fallible<(Duration, u64)> {
    let folder = std::env::temp_dir().join(format!("stagecraft-bench-program-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let started = |folder: &Path| -> Fallible<(Duration, u64)> {
        let began = Moment::now();
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let start = began.elapsed();
        std::thread::sleep(ALONE);
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        child.kill()?;
        child.wait()?;
        let memory = status?.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0);
        if line.starts_with("listening on ") { Ok((start, memory)) } else { Err(format!("the program did not listen: {line}").into()) }
    };
    let outcome = started(&folder);
    std::fs::remove_dir_all(&folder)?;
    outcome
}

/// The page, and what it names itself: scripts, styles, and the modules that it loads ahead.
fn first_load(dist: &Path) -> Fallible<Option<u64>> {
    let index = dist.join("index.html");
    let Ok(page) = std::fs::read_to_string(&index) else { return Ok(None) };
    let mut files: Vec<PathBuf> = vec![index];
    for mark in ["src=\"/", "href=\"/"] {
        let named = page.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
        files.extend(named.filter(|name| name.ends_with(".js") || name.ends_with(".css")).map(|name| dist.join(name)));
    }
    // The texts of the language that is spoken are waited for as well.
    for entry in std::fs::read_dir(dist.join("assets"))? {
        let file = entry?.path();
        if file.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("en-") && name.ends_with(".js")) {
            files.push(file);
        }
    }
    let mut sum = 0;
    for file in files {
        let out = Command::new("gzip").args(["-9", "-c"]).arg(&file).output()?;
        sum += out.stdout.len() as u64;
    }
    Ok(Some(sum))
}
