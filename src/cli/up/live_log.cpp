#include "cli/up/live_log.hpp"

#include "cli/log_style.hpp"
#include "cli/tail_line.hpp"
#include "cli/up/line_buffer.hpp"

namespace stator::cli {
namespace {

constexpr std::string_view kCloudFormation = "2010-05-15";
constexpr std::chrono::milliseconds kQuickLook{150};
constexpr std::chrono::milliseconds kSlowLook{2'000};
constexpr int kQuickLooks = 10;

LineStyle style_of_status(const json::Object& request) {
  const auto status = json::find_int(request, "status").value_or(0);
  if (status >= 500) return LineStyle::kError;
  return status >= 400 || status == 0 ? LineStyle::kWarning : LineStyle::kPlain;
}

}  // namespace

LiveLog::~LiveLog() {
  stop();
  join();
}

void LiveLog::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
}

void LiveLog::join() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    threads.swap(threads_);
  }
  for (auto& thread : threads) thread.join();
}

void LiveLog::follow(const std::string& stack) {
  AwsClient client(parts_.connection, parts_.clock);
  const auto answer = client.query("cloudformation", kCloudFormation, "DescribeStackResources",
                                   {{"StackName", stack}});
  if (!answer) return;  // the deployment has said what is wrong
  const json::Value* resources = json::find(*answer, "StackResources");
  if (resources == nullptr || !resources->is_array()) return;
  const std::lock_guard lock(mutex_);
  if (is_stopping_) return;
  for (const json::Value& each : resources->get_array()) {
    if (!each.is_object()) continue;
    const auto type = json::find_string(each.get_object(), "ResourceType");
    const std::string id = json::find_string(each.get_object(), "PhysicalResourceId").value_or("");
    if (id.empty()) continue;
    if (type == "AWS::Lambda::Function") functions_.insert(id);
    if (type != "AWS::ApiGatewayV2::Api" || apis_.size() == kApisMax) continue;
    if (apis_.insert(id).second) threads_.emplace_back([this, id] { follow_api(id); });
  }
  if (!functions_.empty() && !has_log_thread_) {
    has_log_thread_ = true;
    threads_.emplace_back([this] { follow_functions(); });
  }
}

void LiveLog::follow_api(const std::string& api) {
  AwsClient client(parts_.connection, parts_.clock);
  LineBuffer buffer(parts_.out, parts_.out_mutex);
  std::ostream out(&buffer);
  LineReader reader;
  const auto show = [&](std::string_view piece) {
    for (const std::string& line : reader.feed(piece)) {
      const auto request = json::parse_object(line);
      if (!request) continue;
      out << coloured(tail_line(*request),
                      parts_.has_colour ? style_of_status(*request) : LineStyle::kPlain)
          << std::endl;
      const std::lock_guard lock(mutex_);
      looks_left_ = kQuickLooks;
      changed_.notify_all();
    }
    return !is_stopping_;
  };
  while (!is_stopping_) {
    http::Request request{.method = "GET", .target = "/_stator/requests?api=" + api};
    const auto answer = client.follow("apigateway", std::move(request), show);
    // An API that is gone is not followed further; a connection that broke is made again.
    if (answer && answer->status >= 300) break;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kSlowLook, [this] { return is_stopping_.load(); });
  }
  const std::lock_guard lock(mutex_);
  apis_.erase(api);
}

bool LiveLog::await_activity() {
  std::unique_lock lock(mutex_);
  if (looks_left_ > 0) {
    --looks_left_;
    changed_.wait_for(lock, kQuickLook, [this] { return is_stopping_.load(); });
  } else {
    changed_.wait_for(lock, kSlowLook, [this] { return is_stopping_ || looks_left_ > 0; });
  }
  return !is_stopping_;
}

void LiveLog::follow_functions() {
  AwsClient client(parts_.connection, parts_.clock);
  std::map<std::string, LogFollower> followers;
  do {
    poll_once(client, followers);
  } while (await_activity());
}

void LiveLog::poll_once(AwsClient& client, std::map<std::string, LogFollower>& followers) {
  std::set<std::string> functions;
  {
    const std::lock_guard lock(mutex_);
    functions = functions_;
  }
  LineBuffer buffer(parts_.out, parts_.out_mutex);
  std::ostream out(&buffer);
  std::size_t number = 0;
  for (const std::string& name : functions) {
    const auto ask = [&client](std::string_view operation, const json::Object& input) {
      return client.target("logs", "Logs_20140328." + std::string(operation), input);
    };
    const std::size_t colour = number++;
    auto& follower = followers
                         .try_emplace(name, ask,
                                      LogFollower::Source{.group = "/aws/lambda/" + name,
                                                          .from_ms = epoch_ms(parts_.clock.wall())})
                         .first->second;
    const auto show = [&](const ShownEvent& event) {
      std::string_view message = event.message;
      while (message.ends_with('\n') || message.ends_with('\r')) message.remove_suffix(1);
      const LineStyle style = style_of(message);
      // That an invocation began and ended is the request's line to tell.
      if (style == LineStyle::kPlatform) return;
      out << "    " << (parts_.has_colour ? coloured_name(name, colour) : name) << "  "
          << coloured(message, parts_.has_colour ? style : LineStyle::kPlain) << std::endl;
    };
    (void)follower.poll(show);  // a group that is not there yet, or a server that ends
  }
}

}  // namespace stator::cli
