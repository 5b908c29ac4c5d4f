#include "lambda/sources/event.hpp"

#include <algorithm>
#include <array>

#include "base/time_format.hpp"
#include "json/json.hpp"

namespace stator::lambda::sources {
namespace {

/// An answer of nothing says nothing; one that is not an object is none.
Result<json::Object> parse_answer(std::string_view payload) {
  if (payload.empty() || payload == "null" || payload == R"("")") return json::Object{};
  return json::parse_object(payload);
}

void append_window(std::string& out, const WindowEvent& event) {
  const auto moment = [](std::int64_t seconds) {
    return json::quote(iso8601(from_epoch_ms(seconds * 1'000)));
  };
  const auto truth = [](bool value) { return value ? "true" : "false"; };
  const OpenWindow& window = event.window;
  out.append(R"(,"window":{"start":)").append(moment(window.start_s));
  out.append(R"(,"end":)").append(moment(window.start_s + window.length_s));
  out.append(R"(},"state":)").append(window.state_json);
  out.append(R"(,"shardId":)").append(json::quote(event.shard_id));
  out.append(R"(,"eventSourceARN":)").append(json::quote(event.stream_arn));
  out.append(R"(,"isFinalInvokeForWindow":)").append(truth(event.is_final));
  out.append(R"(,"isWindowTerminatedEarly":)").append(truth(event.is_early));
}

/// The lowest of the records that the answer names; nothing when it names none. kInvalid for what
/// fails the batch.
Result<std::optional<std::size_t>> first_failed(const json::Object& answer,
                                                std::span<const StreamRecord> records) {
  const json::Value* list = json::find(answer, "batchItemFailures");
  std::optional<std::size_t> lowest;
  if (list == nullptr || list->is_null()) return lowest;
  if (!list->is_array()) return invalid("batchItemFailures is no list");
  for (const json::Value& one : list->get_array()) {
    const auto name =
        one.is_object() ? json::find_string(one.get_object(), "itemIdentifier") : std::nullopt;
    if (!name) return invalid("no itemIdentifier");
    const auto found = std::find_if(
        records.begin(), records.end(),
        [&name](const StreamRecord& record) { return record.sequence_number == *name; });
    if (found == records.end()) return invalid("not of this batch");
    const auto index = static_cast<std::size_t>(found - records.begin());
    lowest = std::min(lowest.value_or(index), index);
  }
  return lowest;
}

}  // namespace

std::string event_of(std::span<const StreamRecord> records, const WindowEvent* window) {
  std::size_t bytes = envelope_bytes(window) + records.size();
  for (const StreamRecord& record : records) bytes += record.json.size();
  std::string out;
  out.reserve(bytes);
  out.append(R"({"Records":[)");
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i > 0) out.push_back(',');
    out.append(records[i].json);
  }
  out.push_back(']');
  if (window != nullptr) append_window(out, *window);
  out.push_back('}');
  return out;
}

std::size_t envelope_bytes(const WindowEvent* window) {
  std::string text = R"({"Records":[]})";
  if (window != nullptr) append_window(text, *window);
  return text.size();
}

Answer read_answer(std::string_view payload, std::span<const StreamRecord> records,
                   bool reads_failures) {
  Answer answer;
  const auto members = parse_answer(payload);
  if (!members) {
    if (reads_failures) answer.attempt.kind = Attempt::Kind::kFailed;
    return answer;
  }
  const json::Value* state = json::find(*members, "state");
  if (state != nullptr && state->is_object()) answer.state_json = json::dump(*state);
  if (!reads_failures) return answer;
  const auto failed = first_failed(*members, records);
  if (!failed) {
    answer.attempt.kind = Attempt::Kind::kFailed;
  } else if (*failed) {
    answer.attempt = {Attempt::Kind::kPartly, **failed};
  }
  return answer;
}

std::string failure_document(const Mapping& mapping, const Discarded& discarded,
                             std::string_view event) {
  json::Object batch{{"shardId", discarded.shard_id},
                     {"batchSize", static_cast<std::int64_t>(discarded.records.size())},
                     {"streamArn", mapping.stream_arn}};
  if (!discarded.records.empty()) {
    const StreamRecord& first = discarded.records.front();
    const StreamRecord& last = discarded.records.back();
    batch["startSequenceNumber"] = first.sequence_number;
    batch["endSequenceNumber"] = last.sequence_number;
    batch["approximateArrivalOfFirstRecord"] = iso8601(first.created);
    batch["approximateArrivalOfLastRecord"] = iso8601(last.created);
  }
  json::Object out{
      {"requestContext", json::Object{{"requestId", discarded.request_id},
                                      {"functionArn", mapping.settings.function_arn},
                                      {"condition", std::string(discarded.condition)},
                                      {"approximateInvokeCount", discarded.invocations}}},
      {"version", "1.0"},
      {"timestamp", iso8601_ms(discarded.now)},
      {"DDBStreamBatchInfo", std::move(batch)}};
  if (!discarded.executed_version.empty()) {
    json::Object response{{"statusCode", 200}, {"executedVersion", discarded.executed_version}};
    if (!discarded.function_error.empty()) response["functionError"] = discarded.function_error;
    out["responseContext"] = std::move(response);
  }
  if (is_bucket_arn(mapping.settings.on_failure)) out["payload"] = std::string(event);
  return json::dump(out);
}

bool is_bucket_arn(std::string_view arn) {
  return arn.starts_with("arn:aws:s3:::");
}

}  // namespace stator::lambda::sources
