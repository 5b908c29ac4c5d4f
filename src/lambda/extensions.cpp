#include "lambda/extensions.hpp"

#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "base/strings.hpp"
#include "json/json.hpp"
#include "lambda/runtime_api.hpp"

namespace stator::lambda {
namespace {

constexpr std::string_view kRoot = "/2020-01-01/extension/";
constexpr std::string_view kIdentifier = "Lambda-Extension-Identifier";
constexpr std::string_view kErrorType = "Lambda-Extension-Function-Error-Type";

http::Response refuse(std::string_view type, std::string_view message) {
  return runtime_api::refusal(403, type, message);
}

http::Response bad_transition(std::string_view from, std::string_view to, std::string_view name) {
  return refuse("Extension.InvalidExtensionState",
                "State transition from " + std::string(from) + " to " + std::string(to) +
                    " failed for extension " + std::string(name) +
                    ". Error: State transition is not allowed");
}

bool has_feature(const http::Request& request, std::string_view feature) {
  const auto features = split(request.headers.get("Lambda-Extension-Accept-Feature"), ',');
  return std::any_of(features.begin(), features.end(),
                     [&](std::string_view one) { return trim(one) == feature; });
}

/// The texts of "events"; nothing when the body is not of that form. No body is no events.
std::optional<std::vector<std::string>> read_events(const std::string& body) {
  std::vector<std::string> out;
  if (body.empty()) return out;
  const auto document = json::parse_object(body);
  if (!document) return std::nullopt;
  const auto* events = json::find(*document, "events");
  if (events == nullptr || events->is_null()) return out;
  if (!events->is_array()) return std::nullopt;
  for (const auto& event : events->get_array()) {
    if (!event.is_string()) return std::nullopt;
    out.emplace_back(json::view(event.get_string()));
  }
  return out;
}

/// "errorMessage" of an error document, or "".
std::string error_message(const std::string& body) {
  const auto document = json::parse_object(body);
  if (!document) return "";
  return json::find_string(*document, "errorMessage").value_or("");
}

}  // namespace

Extensions::Extensions(Facts facts, std::vector<std::string> external, Random& random)
    : facts_(std::move(facts)), random_(random), has_external_(!external.empty()) {
  for (auto& name : external) {
    all_.push_back({.name = std::move(name), .identifier = uuid4(random_), .is_external = true});
  }
}

bool Extensions::owns(std::string_view path) {
  return path.starts_with(kRoot);
}

Extensions::Outcome Extensions::handle(const http::Request& request, http::Responder responder) {
  const std::string_view verb = request.path().substr(kRoot.size());
  const bool is_next = request.method == "GET" && verb == "event/next";
  const bool is_error = request.method == "POST" && (verb == "init/error" || verb == "exit/error");
  Outcome outcome;
  const std::lock_guard lock(mutex_);
  if (request.method == "POST" && verb == "register") {
    std::move(responder).send(register_one(request));
    return outcome;
  }
  if (!is_next && !is_error) {
    std::move(responder).send(runtime_api::refusal(
        404, "NotFound",
        "stator's Extensions API has no " + request.method + " " + request.target));
    return outcome;
  }
  const auto identifier = request.headers.get(kIdentifier);
  Extension* const extension = find(identifier);
  if (identifier.empty()) {
    std::move(responder).send(refuse("Extension.MissingExtensionIdentifier",
                                     "Missing Lambda-Extension-Identifier header"));
  } else if (extension == nullptr) {
    std::move(responder).send(refuse("Extension.UnknownExtensionIdentifier",
                                     "Unknown extension " + std::string(identifier)));
  } else if (is_error) {
    std::move(responder).send(report(*extension, request, verb.substr(0, verb.find('/')), outcome));
  } else if (extension->state == State::kFailed) {
    std::move(responder).send(bad_transition("Failed", "Ready", identifier));
  } else {
    wait(*extension, std::move(responder));
    outcome.may_be_ready = true;
  }
  return outcome;
}

http::Response Extensions::register_one(const http::Request& request) {
  const std::string name(request.headers.get("Lambda-Extension-Name"));
  if (name.empty()) return refuse("Extension.InvalidExtensionName", "Empty extension name");
  const auto events = read_events(request.body);
  if (!events) {
    return refuse("InvalidRequestFormat", "The body is not an object with a list \"events\"");
  }
  auto at = std::find_if(all_.begin(), all_.end(),
                         [&](const Extension& one) { return one.name == name; });
  const bool is_external = at != all_.end() && at->is_external;
  for (const auto& event : *events) {
    // The runtime's process is ended by a signal, so what lives in it cannot ask for SHUTDOWN.
    if (event == "INVOKE" || (event == "SHUTDOWN" && is_external)) continue;
    return refuse("Extension.InvalidEventType", event + ": event type is not supported");
  }
  if (is_registration_closed_) {
    return refuse("Extension.RegistrationClosed", "Extension registration closed already");
  }
  if (at == all_.end()) {
    if (all_.size() == kExtensionsMax) {
      return refuse("Extension.TooManyExtensions",
                    "Extension limit (" + std::to_string(kExtensionsMax) + ") reached");
    }
    all_.push_back({.name = name, .identifier = uuid4(random_)});
    at = std::prev(all_.end());
  } else if (at->state != State::kExpected) {
    return is_external ? bad_transition("Registered", "Registered", name)
                       : refuse("Extension.InvalidExtensionState",
                                "Extension with this name already registered");
  }
  at->state = State::kRegistered;
  at->wants_invoke = std::find(events->begin(), events->end(), "INVOKE") != events->end();
  at->wants_shutdown = std::find(events->begin(), events->end(), "SHUTDOWN") != events->end();
  json::Object members{{"functionName", facts_.function},
                       {"functionVersion", facts_.version},
                       {"handler", facts_.handler}};
  if (has_feature(request, "accountId")) members["accountId"] = facts_.account;
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.headers.add(std::string(kIdentifier), at->identifier);
  response.body = json::dump(members);
  return response;
}

void Extensions::wait(Extension& extension, http::Responder responder) {
  if (extension.parked) {
    // It has asked twice: the later connection is the one that it listens to.
    std::move(*extension.parked).send(bad_transition("Ready", "Ready", extension.identifier));
  }
  extension.parked = std::move(responder);
  extension.state = State::kWaiting;
  if (!shutdown_.empty()) tell_shutdown(extension);
}

http::Response Extensions::report(Extension& extension, const http::Request& request,
                                  std::string_view kind, Outcome& outcome) {
  const std::string type(request.headers.get(kErrorType));
  if (type.empty()) {
    return refuse("Extension.MissingHeader", std::string(kErrorType) + " not found");
  }
  const bool is_init = kind == "init";
  const bool fits = extension.state != State::kFailed && extension.state != State::kExpected &&
                    (!is_init || !is_registration_closed_);
  if (!fits) {
    return bad_transition(extension.state == State::kFailed ? "Failed" : "Running",
                          is_init ? "InitError" : "ExitError", extension.identifier);
  }
  extension.state = State::kFailed;
  const std::string message = error_message(request.body);
  outcome.failure = Failure{is_init ? "Extension.InitError" : "Extension.ExitError",
                            message.empty() ? type : type + ": " + message, std::nullopt};
  return runtime_api::accepted();
}

Extensions::Extension* Extensions::find(std::string_view identifier) {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const Extension& one) {
    return one.identifier == identifier && one.state != State::kExpected;
  });
  return at == all_.end() ? nullptr : &*at;
}

std::optional<std::string> Extensions::name_of(std::string_view identifier) const {
  const std::lock_guard lock(mutex_);
  for (const auto& one : all_) {
    if (one.identifier == identifier && one.state != State::kExpected) return one.name;
  }
  return std::nullopt;
}

bool Extensions::any() const {
  const std::lock_guard lock(mutex_);
  return !all_.empty();
}

bool Extensions::are_ready() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(all_.begin(), all_.end(),
                     [](const Extension& one) { return one.state == State::kWaiting; });
}

void Extensions::close_registration() {
  const std::lock_guard lock(mutex_);
  is_registration_closed_ = true;
}

void Extensions::tell(Extension& extension, const std::string& event) {
  if (!extension.parked) return;
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.headers.add("Lambda-Extension-Event-Identifier", uuid4(random_));
  response.body = event;
  auto responder = std::move(*extension.parked);
  extension.parked.reset();
  extension.state = State::kWorking;
  std::move(responder).send(std::move(response));
}

void Extensions::tell_shutdown(Extension& extension) {
  if (!extension.wants_shutdown || !extension.parked || extension.has_shutdown) return;
  extension.has_shutdown = true;
  tell(extension, shutdown_);
}

void Extensions::invoke(const Delivery& delivery, const std::string& function_arn) {
  const json::Object event{
      {"eventType", "INVOKE"},
      {"deadlineMs", epoch_ms(delivery.deadline)},
      {"requestId", delivery.request_id},
      {"invokedFunctionArn", function_arn},
      {"tracing", json::Object{{"type", "X-Amzn-Trace-Id"}, {"value", delivery.trace_id}}}};
  const std::string text = json::dump(event);
  const std::lock_guard lock(mutex_);
  for (auto& extension : all_) {
    if (extension.wants_invoke) tell(extension, text);
  }
}

void Extensions::shut_down(std::string_view reason, WallTime deadline) {
  const json::Object event{
      {"eventType", "SHUTDOWN"}, {"deadlineMs", epoch_ms(deadline)}, {"shutdownReason", reason}};
  const std::lock_guard lock(mutex_);
  if (!shutdown_.empty()) return;
  shutdown_ = json::dump(event);
  for (auto& extension : all_) tell_shutdown(extension);
}

void Extensions::close() {
  std::vector<http::Responder> dropped;
  const std::lock_guard lock(mutex_);
  for (auto& extension : all_) {
    if (!extension.parked) continue;
    dropped.push_back(std::move(*extension.parked));
    extension.parked.reset();
  }
}

}  // namespace stator::lambda
