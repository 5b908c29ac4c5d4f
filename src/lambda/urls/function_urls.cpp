#include "lambda/urls/function_urls.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "aws/proxy_event.hpp"
#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "lambda/runtime_api.hpp"
#include "lambda/urls/access.hpp"
#include "lambda/urls/address.hpp"
#include "lambda/urls/answers.hpp"
#include "lambda/urls/cors.hpp"
#include "lambda/urls/exchange.hpp"

namespace stator::lambda::urls {
namespace {

constexpr std::string_view kDefault = "$default";

aws::Call make_call(const FoundUrl& url, const http::Request& request, const Decoration& names,
                    WallTime now) {
  aws::Call call;
  call.account = url.function->key.account;
  call.region = url.function->key.region;
  call.request_id = names.request_id;
  call.source_ip = request.peer;
  call.now = now;
  call.http = &request;
  return call;
}

/// Nothing where the request cannot be written as JSON.
std::optional<std::string> make_event(const FoundUrl& url, const http::Request& request,
                                      const std::optional<aws::Principal>& signer,
                                      const Decoration& names, WallTime now) {
  const Address address = address_of(request);
  const auto path = percent_decode(address.path);
  if (!path || !is_utf8(*path)) return std::nullopt;
  const aws::Pairs none;
  const std::string domain = domain_name(url.config->id, url.function->key.region);
  return aws::build_proxy_event(
      request, aws::ProxyEventContext{signer ? std::string_view(signer->account) : "anonymous",
                                      url.config->id,
                                      kDefault,
                                      kDefault,
                                      address.path,
                                      *path,
                                      domain,
                                      names.request_id,
                                      names.trace_id,
                                      now,
                                      none,
                                      none,
                                      {signer ? &*signer : nullptr}});
}

}  // namespace

bool FunctionUrls::owns(const http::Request& request) {
  return !address_of(request).id.empty();
}

void FunctionUrls::handle(http::Request&& request, http::Responder responder) {
  const WallTime now = parts_.clock.wall();
  Decoration names;
  names.request_id = uuid4(parts_.random);
  names.origin = request.headers.get("origin");
  const std::string trace_id = runtime_api::trace_id(names.request_id, now);
  names.trace_id = trace_id.substr(0, trace_id.find(';'));
  const auto url = directory_.find(address_of(request).id);
  if (!url) return std::move(responder).send(no_such_url());
  if (url->config->cors && is_preflight(request)) {
    return std::move(responder).send(answer_preflight(*url->config->cors, request));
  }
  names.cors = url->config->cors;
  const auto exchange = std::make_shared<Exchange>(std::move(responder), names);
  auto caller = check_access({parts_.authenticator, parts_.authorizer}, *url, request,
                             make_call(*url, request, names, now));
  if (!caller) return exchange->answer(refuse_caller(caller.error()));
  auto event = make_event(*url, request, *caller, names, now);
  if (!event) return exchange->answer(bad_request());
  if (event->size() > limits::kInvokePayloadBytesMax) return exchange->answer(too_large());

  Invocation invocation{.account = url->function->key.account,
                        .region = url->function->key.region,
                        .function = url->function->key.name,
                        .payload = *std::move(event)};
  if (url->qualifier != kLatest) invocation.qualifier = url->qualifier;
  invocation.request_id = names.request_id;
  invocation.trace_id = trace_id;
  if (url->config->is_streaming) invocation.stream = exchange;
  parts_.invoke(std::move(invocation),
                [exchange](const Result<InvokeResult>& result) { exchange->finish(result); });
}

}  // namespace stator::lambda::urls
