#include "lambda/sources/mapping.hpp"

#include <utility>

#include "aws/arn.hpp"
#include "lambda/reader.hpp"

namespace stator::lambda::sources {
namespace {

Error unreadable(std::string_view what) {
  return internal("the stored " + std::string(what) + " cannot be read");
}

json::Object encode_settings(const MappingSettings& settings) {
  return json::Object{{"function", settings.function_arn},
                      {"enabled", settings.is_enabled ? 1 : 0},
                      {"batchSize", settings.batch_size},
                      {"batchingWindow", settings.batching_window_s},
                      {"parallelization", settings.parallelization_factor},
                      {"retriesMax", settings.retries_max},
                      {"ageMax", settings.age_s_max},
                      {"tumblingWindow", settings.tumbling_window_s},
                      {"bisects", settings.bisects ? 1 : 0},
                      {"reportsFailures", settings.reports_item_failures ? 1 : 0},
                      {"filters", encode_texts(settings.filters)},
                      {"onFailure", settings.on_failure}};
}

MappingSettings decode_settings(Reader& in) {
  MappingSettings settings;
  settings.function_arn = in.text("function");
  settings.is_enabled = in.number("enabled") != 0;
  settings.batch_size = in.number("batchSize");
  settings.batching_window_s = in.number("batchingWindow");
  settings.parallelization_factor = in.number("parallelization");
  settings.retries_max = in.number("retriesMax");
  settings.age_s_max = in.number("ageMax");
  settings.tumbling_window_s = in.number("tumblingWindow");
  settings.bisects = in.number("bisects") != 0;
  settings.reports_item_failures = in.number("reportsFailures") != 0;
  settings.filters = in.texts("filters");
  settings.on_failure = in.text("onFailure");
  return settings;
}

}  // namespace

std::string Mapping::arn() const {
  return aws::make_arn("lambda", region, account, "event-source-mapping:" + uuid);
}

std::string encode(const Mapping& mapping) {
  return json::dump(json::Object{{"account", mapping.account},
                                 {"region", mapping.region},
                                 {"uuid", mapping.uuid},
                                 {"stream", mapping.stream_arn},
                                 {"fromHorizon", mapping.is_from_horizon ? 1 : 0},
                                 {"settings", encode_settings(mapping.settings)},
                                 {"lastModified", epoch_ms(mapping.last_modified)},
                                 {"tags", encode_pairs(mapping.tags)}});
}

Result<Mapping> decode_mapping(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  Reader in(object);
  Mapping mapping;
  mapping.account = in.text("account");
  mapping.region = in.text("region");
  mapping.uuid = in.text("uuid");
  mapping.stream_arn = in.text("stream");
  mapping.is_from_horizon = in.number("fromHorizon") != 0;
  Reader settings(in.object("settings"));
  mapping.settings = decode_settings(settings);
  mapping.last_modified = from_epoch_ms(in.number("lastModified"));
  for (auto& [name, value] : in.pairs("tags")) mapping.tags[name] = value;
  if (!in.is_whole() || !settings.is_whole()) return unreadable("event source mapping");
  return mapping;
}

std::string encode(const LanePosition& position) {
  json::Object out{{"next", static_cast<std::int64_t>(position.next)}};
  if (position.window) {
    out["window"] = json::Object{{"start", position.window->start_s},
                                 {"length", position.window->length_s},
                                 {"state", position.window->state_json},
                                 {"overLimit", position.window->is_over_limit ? 1 : 0}};
  }
  return json::dump(out);
}

Result<LanePosition> decode_position(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  Reader in(object);
  LanePosition position;
  position.next = static_cast<std::uint64_t>(in.number("next"));
  if (in.has("window")) {
    Reader window(in.object("window"));
    position.window.emplace();
    position.window->start_s = window.number("start");
    position.window->length_s = window.number("length");
    position.window->state_json = window.text("state");
    position.window->is_over_limit = window.number("overLimit") != 0;
    if (!window.is_whole()) in.fail();
  }
  if (!in.is_whole()) return unreadable("position of an event source mapping");
  return position;
}

json::Object render(const Mapping& mapping, const MappingStatus& status) {
  const MappingSettings& settings = mapping.settings;
  json::Object on_failure;
  if (!settings.on_failure.empty()) on_failure["Destination"] = settings.on_failure;
  json::Object out{
      {"UUID", mapping.uuid},
      {"EventSourceMappingArn", mapping.arn()},
      {"EventSourceArn", mapping.stream_arn},
      {"FunctionArn", settings.function_arn},
      {"StartingPosition", mapping.is_from_horizon ? "TRIM_HORIZON" : "LATEST"},
      {"BatchSize", settings.batch_size},
      {"MaximumBatchingWindowInSeconds", settings.batching_window_s},
      {"ParallelizationFactor", settings.parallelization_factor},
      {"MaximumRetryAttempts", settings.retries_max},
      {"MaximumRecordAgeInSeconds", settings.age_s_max},
      {"TumblingWindowInSeconds", settings.tumbling_window_s},
      {"BisectBatchOnFunctionError", settings.bisects},
      {"FunctionResponseTypes",
       settings.reports_item_failures ? json::Array{"ReportBatchItemFailures"} : json::Array{}},
      {"DestinationConfig", json::Object{{"OnFailure", std::move(on_failure)}}},
      {"LastModified", static_cast<double>(epoch_ms(mapping.last_modified)) / 1'000},
      {"LastProcessingResult", status.processing_result},
      {"State", status.state},
      {"StateTransitionReason", "User action"}};
  if (!settings.filters.empty()) {
    json::Array filters;
    for (const auto& pattern : settings.filters) {
      filters.push_back(json::Object{{"Pattern", pattern}});
    }
    out["FilterCriteria"] = json::Object{{"Filters", std::move(filters)}};
  }
  return out;
}

}  // namespace stator::lambda::sources
