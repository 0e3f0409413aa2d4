// SPDX-License-Identifier: Apache-2.0
#include "cli/common/progress.hpp"

#include "base/core/text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <list>
#include <mutex>
#include <vector>

namespace bulla::cli {

namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kRedraw{100};
/// Work that is over sooner never shows bars, which would only flicker.
constexpr milliseconds kFirstDraw{200};
constexpr milliseconds kWorthALine{1000};
constexpr std::size_t kMostBars = 8;

std::string fixed(double number) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.1f", number);
    return buffer.data();
}

std::size_t terminal_width() {
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10) {
        return size.ws_col;
    }
    return 80;
}

/// The first `columns` characters. Counts code points, so wide ones may take more columns.
std::string shortened(const std::string& text, std::size_t columns) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U && seen++ == columns) {
            return text.substr(0, i);
        }
    }
    return text + std::string(columns - seen, ' ');
}

struct Work {
    std::string name;
    std::uint64_t total = 0;
    std::atomic<std::uint64_t> done{0};
};

class Bars final : public ProgressSink {
  public:
    explicit Bars(Console& console) : console_(console) {}

    std::unique_ptr<ProgressTask> begin(std::string name, std::uint64_t total) override;

    void redraw_if_due() {
        const auto now = SteadyClock::now().time_since_epoch().count();
        auto due = next_draw_.load(std::memory_order_relaxed);
        if (now >= due &&
            next_draw_.compare_exchange_strong(due, now + SteadyClock::duration(kRedraw).count())) {
            const std::lock_guard lock(mutex_);
            redraw();
        }
    }

    void end(std::list<Work>::iterator work) {
        const std::lock_guard lock(mutex_);
        works_.erase(work);
        if (works_.empty() && drawn_) {
            drawn_ = false;
            console_.show_bars({});
        }
    }

  private:
    void redraw() {
        std::vector<std::string> lines;
        const std::size_t width = terminal_width() - 1;
        for (const auto& work : works_) {
            if (lines.size() == kMostBars) {
                lines.push_back("and " + std::to_string(works_.size() - kMostBars) + " more");
                break;
            }
            lines.push_back(format_bar(work.name, work.done.load(), work.total, width));
        }
        drawn_ = !lines.empty();
        console_.show_bars(std::move(lines));
    }

    Console& console_;
    std::mutex mutex_;
    std::list<Work> works_;
    bool drawn_ = false;
    std::atomic<SteadyClock::rep> next_draw_{0};
};

class BarTask final : public ProgressTask {
  public:
    BarTask(Bars& bars, std::list<Work>::iterator work) : bars_(bars), work_(work) {}

    ~BarTask() override { bars_.end(work_); }

    void advance(std::uint64_t bytes) override {
        work_->done.fetch_add(bytes, std::memory_order_relaxed);
        bars_.redraw_if_due();
    }

  private:
    Bars& bars_;
    std::list<Work>::iterator work_;
};

std::unique_ptr<ProgressTask> Bars::begin(std::string name, std::uint64_t total) {
    const std::lock_guard lock(mutex_);
    if (works_.empty()) {
        next_draw_ = (SteadyClock::now() + kFirstDraw).time_since_epoch().count();
    }
    auto& work = works_.emplace_back();
    work.name = text::printable(name);
    work.total = total;
    return std::make_unique<BarTask>(*this, std::prev(works_.end()));
}

class Lines final : public ProgressSink {
  public:
    Lines(Logger& logger, milliseconds at_least) : logger_(logger), at_least_(at_least) {}

    std::unique_ptr<ProgressTask> begin(std::string name, std::uint64_t) override;

  private:
    Logger& logger_;
    milliseconds at_least_;
};

class LineTask final : public ProgressTask {
  public:
    LineTask(Logger& logger, milliseconds at_least, std::string name)
        : logger_(logger), at_least_(at_least), name_(std::move(name)) {}

    ~LineTask() override {
        const auto time = std::chrono::duration_cast<milliseconds>(SteadyClock::now() - start_);
        if (time >= at_least_) {
            logger_.info(name_ + ": " + format_size(done_) + " in " +
                         fixed(static_cast<double>(time.count()) / 1000) + " s");
        }
    }

    void advance(std::uint64_t bytes) override { done_ += bytes; }

  private:
    Logger& logger_;
    milliseconds at_least_;
    std::string name_;
    std::uint64_t done_ = 0;
    SteadyClock::time_point start_ = SteadyClock::now();
};

std::unique_ptr<ProgressTask> Lines::begin(std::string name, std::uint64_t) {
    return std::make_unique<LineTask>(logger_, at_least_, std::move(name));
}

} // namespace

std::unique_ptr<ProgressSink>
make_progress(const CommonOptions& options, Console& console, Logger& logger) {
    if (options.quiet || options.progress == ProgressStyle::none) {
        return std::make_unique<NullProgressSink>();
    }
    if (options.progress == ProgressStyle::plain) {
        return std::make_unique<Lines>(logger, milliseconds(0));
    }
    const char* const terminal = std::getenv("TERM");
    const bool bars = options.log_format == LogFormat::text && ::isatty(STDERR_FILENO) == 1 &&
                      (terminal == nullptr || std::string_view(terminal) != "dumb");
    if (bars) {
        return std::make_unique<Bars>(console);
    }
    return std::make_unique<Lines>(logger, kWorthALine);
}

std::string
format_bar(const std::string& name, std::uint64_t done, std::uint64_t total, std::size_t width) {
    constexpr std::size_t kName = 32;
    if (total == 0) {
        return shortened(name + "  " + format_size(done), width);
    }
    done = std::min(done, total);
    const auto part = static_cast<double>(done) / static_cast<double>(total);
    std::string percent = std::to_string(static_cast<int>(part * 100)) + "%";
    percent.insert(0, 4 - percent.size(), ' ');
    const std::string amounts = percent + "  " + format_size(done) + " / " + format_size(total);
    const std::size_t name_width = std::min(kName, width / 2);
    const std::size_t taken = name_width + amounts.size() + 6;
    if (width < taken + 8) {
        return shortened(shortened(name, name_width) + amounts, width);
    }
    const std::size_t cells = std::min<std::size_t>(width - taken, 40);
    const auto full = static_cast<std::size_t>(part * static_cast<double>(cells));
    return shortened(name, name_width) + "  [" + std::string(full, '=') +
           std::string(cells - full, ' ') + "]  " + amounts;
}

std::string format_size(std::uint64_t bytes) {
    if (bytes < 1024) {
        return std::to_string(bytes) + " B";
    }
    auto amount = static_cast<double>(bytes) / 1024;
    for (const char* const unit : {" KiB", " MiB", " GiB"}) {
        if (amount < 1023.95) {
            return fixed(amount) + unit;
        }
        amount /= 1024;
    }
    return fixed(amount) + " TiB";
}

} // namespace bulla::cli
