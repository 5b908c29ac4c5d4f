#include "lambda/test_support.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>

#include <future>

namespace stator::lambda::test {

namespace {

UniqueFd listen_anywhere(std::uint16_t& port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::listen(fd.get(), 16), 0);
  EXPECT_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

Result<std::unique_ptr<sandbox::Sandbox>> FakeLauncher::start(const sandbox::Spec& spec,
                                                              OnExit on_exit) {
  auto program = std::make_shared<FakeProgram>();
  program->spec = spec;
  program->on_exit = std::move(on_exit);
  std::vector<UniqueFd> listeners;
  for (std::size_t i = 0; i < spec.ports.size(); ++i) {
    listeners.push_back(listen_anywhere(program->ports.emplace_back()));
  }
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  program->output = UniqueFd(ends[1]);
  auto sandbox = std::make_unique<FakeSandbox>(program, std::move(listeners), UniqueFd(ends[0]));
  const std::lock_guard lock(mutex_);
  started_.push_back(std::move(program));
  changed_.notify_all();
  return std::unique_ptr<sandbox::Sandbox>(std::move(sandbox));
}

std::shared_ptr<FakeProgram> FakeLauncher::next() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(10), [this] { return !started_.empty(); })) {
    return nullptr;
  }
  auto program = std::move(started_.front());
  started_.pop_front();
  return program;
}

std::string make_zip(const std::map<std::string, std::string>& files) {
  std::vector<archive::Entry> entries;
  for (const auto& [name, contents] : files) {
    entries.push_back({.name = name, .contents = contents, .is_executable = true});
  }
  return archive::pack(std::move(entries)).value();
}

std::string make_zip_base64(const std::map<std::string, std::string>& files) {
  return base64_encode(make_zip(files));
}

aws::Call make_call(const Clock& clock) {
  aws::Call call;
  call.principal.account = "000000000000";
  call.account = "000000000000";
  call.region = "us-east-1";
  call.request_id = "00000000-1111-4222-8333-444444444444";
  call.now = clock.wall();
  return call;
}

Lab::Lab(FunctionsOptions chosen, sandbox::Launcher* real) : options(chosen), real_launcher_(real) {
  // Sandboxes run as users of their own.
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0755));
  restart();
}

Lab::~Lab() {
  if (functions) functions->stop(std::chrono::milliseconds(0));
  if (server) server->stop(std::chrono::milliseconds(0));
  event_sources.reset();
  functions.reset();
}

void Lab::restart() {
  event_sources.reset();
  functions.reset();
  functions = std::make_unique<Functions>(
      FunctionsParts{*store, directory.path() / "code", directory.path() / "runtimes",
                     real_launcher_ != nullptr ? *real_launcher_ : launcher, scheduler, clock,
                     random, logger, credentials, logs, artifacts, identity.authorizer()},
      options);
  pollers = std::make_unique<WorkerPool>(1, 64);
  event_sources = std::make_unique<sources::EventSources>(sources::EventSourcesParts{
      *store, *functions, streams, rights, objects, scheduler, *pollers, clock, random, logger});
  service_ = make_service(*functions, *event_sources);
}

void Lab::serve(http::Handler endpoint) {
  server = std::make_unique<http::Server>(
      http::ServerOptions{.loops = 1},
      [](http::Request&&, http::Responder responder) {
        std::move(responder).send(http::Response{.status = 404});
      },
      clock, logger);
  server->start();
  functions->start(*server, std::move(endpoint));
}

const aws::Operation* Lab::find(const std::string& operation) const {
  for (const auto& one : service_.operations) {
    if (one.name() == operation) return &one;
  }
  return nullptr;
}

Result<json::Object> Lab::run(const std::string& operation, const std::string& input) {
  const auto* found = find(operation);
  if (found == nullptr) return not_found("no operation " + operation);
  STATOR_TRY(auto members, json::parse_object(input));
  aws::Call call = make_call(clock);
  return found->run_json(call, aws::Input(std::move(members)), authorizer);
}

Result<json::Object> Lab::create(const std::string& name, const std::string& further) {
  return run("CreateFunction", R"({"FunctionName":")" + name +
                                   R"(","Runtime":"provided.al2023","Handler":"bootstrap",)"
                                   R"("Role":"arn:aws:iam::000000000000:role/r",)"
                                   R"("Code":{"ZipFile":")" +
                                   make_zip_base64({{"bootstrap", "#!/bin/sh\n"}}) + "\"}" +
                                   (further.empty() ? "" : "," + further) + "}");
}

Result<http::Response> Lab::invoke(
    const std::string& name, const std::string& payload,
    const std::vector<std::pair<std::string, std::string>>& headers) {
  http::Request request;
  request.method = "POST";
  request.target = "/2015-03-31/functions/" + name + "/invocations";
  for (const auto& [field, value] : headers) request.headers.add(field, value);
  request.body = payload;
  const std::vector<std::pair<std::string, std::string>> labels{{"FunctionName", name}};
  aws::Call call = make_call(clock);
  const auto promise = std::make_shared<std::promise<Result<http::Response>>>();
  auto answer = promise->get_future();
  find("Invoke")->run_raw(
      call, aws::RawRequest{request, labels}, authorizer,
      [promise](Result<http::Response> response) { promise->set_value(std::move(response)); });
  if (answer.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
    return internal("the invocation was not answered");
  }
  return answer.get();
}

}  // namespace stator::lambda::test
