#include "lambda/log_collector.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <utility>

#include "base/check.hpp"
#include "base/time_format.hpp"
#include "json/json.hpp"

namespace stator::lambda {
namespace {

/// How long lines gather before they are handed over, unless a caller waits for them.
constexpr int kGatherMs = 20;
/// What is read of one instance before the others have their turn.
constexpr std::size_t kReadBytesMax = 1u << 20;
constexpr std::chrono::milliseconds kMemorySampleInterval{100};

std::optional<LogLevel> least_level(const LoggingConfig& logging) {
  if (!logging.is_json) return std::nullopt;
  return parse_log_level(logging.application_level).value_or(LogLevel::kInfo);
}

/// Telemetry has every event, in JSON, whatever the log is told to hold.
LogTarget for_telemetry(LogTarget target) {
  target.logging.is_json = true;
  target.logging.system_level = "DEBUG";
  return target;
}

}  // namespace

template <class LinesOf>
void InstanceLog::add(const LinesOf& lines_of, WallTime now) {
  for (std::string& line : lines_of(system_)) lines_.add(std::move(line), now);
  if (telemetry_ == nullptr) return;
  for (std::string& line : lines_of(telemetry_system_)) {
    line.pop_back();  // its newline
    telemetry_->add(Telemetry::Kind::kPlatform, std::move(line));
  }
}

InstanceLog::InstanceLog(LogCollector& collector, LogTarget target, UniqueFd output,
                         MemorySampler memory, std::shared_ptr<Telemetry> telemetry)
    : collector_(collector),
      target_(std::make_shared<const LogTarget>(std::move(target))),
      system_(*target_),
      telemetry_(std::move(telemetry)),
      telemetry_target_(for_telemetry(*target_)),
      telemetry_system_(telemetry_target_),
      memory_(std::move(memory)),
      output_(std::move(output)),
      lines_(
          least_level(target_->logging),
          telemetry_ == nullptr ? LogLines::Tap() : [this](const std::string& line, WallTime now) {
            tell_output(line, now);
          }) {
  const WallTime now = collector_.clock_.wall();
  add([&](const SystemLog& log) { return log.init_start(now); }, now);
}

void InstanceLog::init_done(InitEnding ending) {
  if (!is_init_done_.exchange(true)) mark(std::move(ending), false);
}

void InstanceLog::begin(std::string request_id) {
  mark(Begin{std::move(request_id)}, false);
}

void InstanceLog::finish(Ending ending) {
  const bool is_urgent = static_cast<bool>(ending.on_tail);
  mark(std::move(ending), is_urgent);
}

void InstanceLog::close() {
  mark(Close{}, false);
}

void InstanceLog::note_memory(std::uint64_t bytes) {
  std::uint64_t known = memory_bytes_.load();
  while (known < bytes && !memory_bytes_.compare_exchange_weak(known, bytes)) {
  }
}

void InstanceLog::mark(decltype(Mark::what) what, bool is_urgent) {
  bool must_queue = false;
  {
    const std::lock_guard lock(mutex_);
    // What the program has written so far is what was read and what is still in the pipe.
    int waiting = 0;
    if (output_ && ::ioctl(output_.get(), FIONREAD, &waiting) != 0) waiting = 0;
    marks_.push_back({read_ + static_cast<std::uint64_t>(waiting), std::move(what)});
    must_queue = !std::exchange(is_queued_, true);
  }
  if (must_queue || is_urgent) {
    collector_.queue(must_queue ? shared_from_this() : nullptr, is_urgent);
  }
}

std::string InstanceLog::read_some(std::vector<Mark>& marks) {
  std::string bytes;
  const std::lock_guard lock(mutex_);
  std::array<char, 16u << 10> buffer;
  while (output_ && bytes.size() < kReadBytesMax) {
    const ssize_t got = ::read(output_.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got <= 0) {
      output_.reset();  // and out of the epoll set
      break;
    }
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  read_ += bytes.size();
  while (!marks_.empty() && (marks_.front().position <= read_ || !output_)) {
    marks.push_back(std::move(marks_.front()));
    marks_.pop_front();
  }
  is_queued_ = !marks_.empty();
  return bytes;
}

bool InstanceLog::work() {
  std::vector<Mark> marks;
  const std::string bytes = read_some(marks);
  std::string_view rest = bytes;
  for (Mark& next : marks) {
    const auto before =
        std::min<std::uint64_t>(next.position - std::min(next.position, written_), rest.size());
    lines_.feed(rest.substr(0, before), collector_.clock_.wall());
    rest.remove_prefix(before);
    written_ += before;
    apply(next);
  }
  lines_.feed(rest, collector_.clock_.wall());
  written_ += rest.size();
  if (is_closed_) lines_.flush(collector_.clock_.wall());
  collector_.writer_.add(target_, lines_.take());
  bool must_queue = false;
  {
    const std::lock_guard lock(mutex_);
    must_queue = is_queued_;
  }
  if (must_queue) collector_.queue(shared_from_this(), true);
  return !is_closed_;
}

void InstanceLog::apply(Mark& next) {
  const WallTime now = collector_.clock_.wall();
  lines_.flush(now);
  if (const auto* started = std::get_if<InitEnding>(&next.what)) {
    add([&](const SystemLog& log) { return log.init_end(*started, now); }, now);
  } else if (const auto* begun = std::get_if<Begin>(&next.what)) {
    lines_.begin_invocation();
    add([&](const SystemLog& log) { return log.start(begun->request_id, now); }, now);
  } else if (auto* ending = std::get_if<Ending>(&next.what)) {
    write_end(*ending);
  } else {
    is_closed_ = true;
  }
}

void InstanceLog::write_end(Ending& ending) {
  const WallTime now = collector_.clock_.wall();
  const SteadyTime steady = collector_.clock_.steady();
  if (memory_ && (ending.on_tail || steady - sampled_at_ >= kMemorySampleInterval)) {
    note_memory(memory_());
    sampled_at_ = steady;
  }
  const std::uint64_t memory = memory_bytes_.load();
  add([&](const SystemLog& log) { return log.end(ending, memory, now); }, now);
  if (ending.on_tail) ending.on_tail(lines_.tail());
}

void InstanceLog::tell_output(const std::string& line, WallTime now) {
  const std::string_view text = std::string_view(line).substr(0, line.size() - 1);
  json::Object event{{"time", iso8601_ms(now)}, {"type", "function"}};
  auto document = target_->logging.is_json ? json::parse(text) : invalid("plain text");
  if (document && document->is_object()) {
    event["record"] = std::move(*document);
  } else {
    event["record"] = text;
  }
  telemetry_->add(Telemetry::Kind::kFunction, json::dump(event));
}

LogCollector::LogCollector(LogSink& sink, const Clock& clock)
    : writer_(sink),
      clock_(clock),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!epoll_ || !event_) throw ConfigError("cannot make descriptors for the log collector");
}

LogCollector::~LogCollector() {
  stop();
}

void LogCollector::start() {
  writer_.start();
  thread_ = std::thread([this] { run(); });
}

void LogCollector::stop() {
  is_stopping_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
  writer_.stop();
}

std::shared_ptr<InstanceLog> LogCollector::open(LogTarget target, UniqueFd output,
                                                InstanceLog::MemorySampler memory,
                                                std::shared_ptr<Telemetry> telemetry) {
  const int fd = output.get();
  auto log = std::make_shared<InstanceLog>(*this, std::move(target), std::move(output),
                                           std::move(memory), std::move(telemetry));
  {
    const std::lock_guard lock(mutex_);
    logs_[log.get()] = log;
  }
  if (fd >= 0) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = log.get();
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  }
  return log;
}

void LogCollector::queue(std::shared_ptr<InstanceLog> log, bool is_urgent) {
  if (log != nullptr) {
    const std::lock_guard lock(mutex_);
    queued_.push_back(std::move(log));
  }
  if (is_urgent) is_urgent_ = true;
  // One system call for all that arrives until the collector looks.
  if (!is_pending_.exchange(true) || is_urgent) wake();
}

void LogCollector::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

void LogCollector::wait_for_work() {
  std::array<pollfd, 2> all{{{event_.get(), POLLIN, 0}, {epoll_.get(), POLLIN, 0}}};
  ::poll(all.data(), all.size(), -1);
  if (is_stopping_ || is_urgent_) return;
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t drained = ::read(event_.get(), &count, sizeof count);
  if (is_urgent_) return;
  ::poll(all.data(), 1, kGatherMs);
}

void LogCollector::work_once() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t drained = ::read(event_.get(), &count, sizeof count);
  is_urgent_ = false;
  is_pending_ = false;
  std::set<std::shared_ptr<InstanceLog>> ready;
  std::array<epoll_event, 64> events;
  const int readable =
      ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
  {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < readable; ++i) {
      const auto found =
          logs_.find(static_cast<const InstanceLog*>(events[static_cast<std::size_t>(i)].data.ptr));
      if (found != logs_.end()) ready.insert(found->second);
    }
    for (auto& log : std::exchange(queued_, {})) ready.insert(std::move(log));
  }
  for (const auto& log : ready) {
    if (!log->work()) forget(log.get());
  }
}

void LogCollector::forget(const InstanceLog* log) {
  const std::lock_guard lock(mutex_);
  logs_.erase(log);
}

void LogCollector::run() {
  while (!is_stopping_) {
    wait_for_work();
    work_once();
  }
  // Whatever is still in the pipes; those who wait for a tail get it.
  std::vector<std::shared_ptr<InstanceLog>> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, log] : logs_) all.push_back(log);
  }
  for (const auto& log : all) [[maybe_unused]] const bool is_open = log->work();
}

}  // namespace stator::lambda
