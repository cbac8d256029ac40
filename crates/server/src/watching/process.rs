//! The process and the machine it runs on, as Linux tells of them; elsewhere nothing is known.

use std::fs;
use std::path::Path;

/// What is known of the process.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Process {
    /// Bytes held in memory.
    pub memory: Option<u64>,
    /// Files and connections that are open, and how many may be.
    pub open_files: Option<u64>,
    pub most_files: Option<u64>,
    /// Seconds of processor time.
    pub processor: Option<f64>,
}

/// Looks at the process.
pub(super) fn look() -> Process {
    Process {
        memory: line("/proc/self/status", "VmRSS:").map(|kilobytes| kilobytes * 1_024),
        open_files: fs::read_dir("/proc/self/fd").ok().map(|files| files.count() as u64),
        most_files: line("/proc/self/limits", "Max open files"),
        processor: processor(),
    }
}

/// Bytes of memory that the machine has, and that it could still give.
pub(super) fn machine() -> Option<(u64, u64)> {
    let all = line("/proc/meminfo", "MemTotal:")?;
    let free = line("/proc/meminfo", "MemAvailable:")?;
    Some((all * 1_024, free * 1_024))
}

/// Bytes free where a folder lies, for those who are not root, and all of them.
pub(super) fn disk(folder: &Path) -> Option<(u64, u64)> {
    // A path without a folder in it lies where the process stands.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let told = rustix::fs::statvfs(folder).ok()?;
    Some((told.f_bavail.saturating_mul(told.f_frsize), told.f_blocks.saturating_mul(told.f_frsize)))
}

/// The first number of the line that begins so.
fn line(file: &str, begins: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| line.strip_prefix(begins))?.split_whitespace().next()?.parse().ok()
}

/// User and system time: the 14th and 15th part of the line, counted behind the name, which may hold anything.
fn processor() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let mut parts = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = parts.next()?.parse::<u64>().ok()? + parts.next()?.parse::<u64>().ok()?;
    Some(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_process_and_the_disk_are_known() {
        let process = look();
        assert!(process.memory.unwrap() > 1 << 20 && process.open_files.unwrap() > 2);
        assert!(process.most_files.unwrap() >= process.open_files.unwrap() && process.processor.unwrap() >= 0.0);
        let (free, all) = disk(Path::new("")).unwrap();
        assert!(free <= all && all > 0);
        let (all, free) = machine().unwrap();
        assert!(free <= all && all > 1 << 20);
        assert_eq!(disk(Path::new("/nowhere/at/all")), None);
    }
}
