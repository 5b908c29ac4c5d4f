// Mistakes that the compiler shall name. Each stands on a line that says what must be said of
// it; compile_fail.cmake compiles the file with MISTAKES, compares, and compiles it without.
#include "model.hpp"

using namespace shop;  // NOLINT: the model under test

struct Bare {
  std::string id{};
};
struct Keyless {
  std::int64_t count = 0;
};
template <>
inline constexpr auto ddb::schema<Keyless> = table<"t">(version<&Keyless::count>);
struct OddKey {
  std::vector<int> id{};
};
template <>
inline constexpr auto ddb::schema<OddKey> = table<"t">(hash<&OddKey::id>);

struct Foreign {
  std::string colour{};
};
struct NoKey {
  std::optional<std::string> id{};
};
template <>
inline constexpr auto ddb::schema<NoKey> = table<"t">(hash<&NoKey::id>);
struct OddTemplate {
  std::string id{};
};
template <>
inline constexpr auto ddb::schema<OddTemplate> =
    table<"t">(hash_key<"pk", "A#{}#{}", &OddTemplate::id>);
struct RealVersion {
  std::string id{};
  double version = 0;
};
template <>
inline constexpr auto ddb::schema<RealVersion> = table<"t">(hash<&RealVersion::id>,
                                                            version<&RealVersion::version>);

void right(const ddb::Table<Order>& orders, const ddb::Table<Counter>& counters) {
  (void)orders.get("c", 7, ddb::consistent);
  (void)orders.query(customer == "c" && number > 5, ddb::descending);
  (void)counters.update("a", add(count, 1), if_(count < 9));
}

// clang-format off
#ifdef MISTAKES
void wrong(const ddb::Table<Order>& orders, const ddb::Table<Trip>& trips,
           const ddb::Client& client, double& units) {
  (void)orders.get("c");                             // error: get() needs exactly the primary key
  (void)orders.get(7, "c");                          // error: get() needs exactly the primary key
  (void)orders.erase("c", 7, 8);                     // error: erase() needs exactly the primary key
  (void)orders.update("c", set(note, "x")); // error: update() needs exactly the primary key
  (void)orders.update("c", 7, if_(total > 5));       // error: update() needs at least one action
  (void)orders.update("c", 7, set(customer, "d"));   // error: a key attribute cannot be updated
  (void)orders.update("c", 7, set(revision, 5));     // error: update() counts the version itself
  (void)orders.query(number == 5);                   // error: query() needs 'hash == value'
  (void)orders.query(customer == "c" && total > 5);  // error: query() needs 'hash == value'
  (void)orders.query(customer == "c" || number > 5); // error: query() needs 'hash == value'
  (void)orders.put({}, ddb::limit(5));               // error: put() takes an item, then if_
  (void)orders.scan(ddb::descending);                // error: scan() takes limit, from, filter
  (void)orders.get("c", 7, if_(total > 5));          // error: get() takes keys, then consistent
  (void)add(note, "x");                              // error: ADD works on numbers and sets only
  (void)begins_with(total, "x");                     // error: no matching function for call to
  (void)orders.query_index<"by_day">(customer == "c"); // error: the model has no index of that name
  (void)orders.query_index<"by_total">(customer == "c" && number > 5); // error: query_index() needs '==' for each hash key
  (void)orders.query_index<"by_total">(total > 5); // error: query_index() needs '==' for each hash key
  (void)orders.query_index<"by_total">(customer == "c", ddb::consistent); // error: a global index cannot be read consistently
  (void)orders.query_index<"by_note">(note == "c"); // error: the index has not all attributes
  const auto bern = trip_country == "c" && trip_city == "b";
  (void)trips.query_index<"by_place">(trip_country == "c"); // error: query_index() needs '==' for each hash key
  (void)trips.query_index<"by_place">(bern && trip_hour > 5); // error: query_index() needs '==' for each hash key
  (void)orders.get("c", 7, ddb::only<count>); // error: only<> names attributes of the model that is read
  (void)orders.get("c", 7, ddb::as<Foreign>); // error: as<> reads into a struct whose members the model has
  (void)orders.query(customer == "c", ddb::filter(count > 5)); // error: the filter is about another model
  (void)orders.update("c", 7, add(count, 5));        // error: an action is about another model
  (void)orders.update("c", 7, add(total, 5), set(total, 1)); // error: two actions change the same
  (void)ddb::check(orders, "c", 7);                  // error: check() needs exactly the primary key
  (void)set(total, note);                            // error: no matching function for call to
  (void)set(total, total + note);                    // error: only numbers are added
  (void)(note + "x");                                // error: only numbers are added
  (void)lines["x"];                                  // error: only a map has entries
  (void)size(total);                                 // error: numbers and booleans have no size
  (void)ddb::puts(orders, std::vector<Order>());      // error: a batch does not check versions
  (void)ddb::transact(client);                       // error: a transaction has 1 to 100 operations
  (void)ddb::transact(client, ddb::get(orders, "c", 7)); // error: no matching function for call to
  (void)orders.scan(if_(total > 5)); // error: scan() takes limit, from, filter
  (void)orders.count(total > 5);                     // error: count() needs 'hash == value'
  (void)orders.query(ddb::partition("c", "d")); // error: partition() takes what the hash key is made of
  (void)orders.patch("c", set(note, "x"));           // error: patch() needs exactly the primary key
  (void)orders.scan_all(ddb::consumed(units));       // error: consumed() is for one page
  (void)ddb::Value::of(std::vector<void*>());        // error: values of this type cannot be stored
  (void)ddb::Value::of(std::set<bool>());            // error: a set holds texts, numbers or
  (void)ddb::Value("x").as<std::variant<int, long>>(); // error: a variant's types are told apart
  (void)ddb::Model<OddTemplate>::key_size; // error: a key template has as many {} as members
  (void)ddb::Collection<Order, Counter>(client); // error: the models of a collection
  (void)ddb::Model<NoKey>::key_size;                 // error: a key is always there
  (void)ddb::Model<RealVersion>::key_size;           // error: a version is an integer
  (void)contains(total, "x");                        // error: no matching function for call to
  (void)(note == 5);                                 // error: no match for
  (void)(total > 5 && count > 5);                    // error: about different models
  (void)ddb::Model<Bare>::key_size;                  // error: the model has no schema
  (void)ddb::Model<Keyless>::key_size;               // error: a schema names exactly one hash key
  (void)ddb::Model<OddKey>::key_size;                // error: a key is a std::string, a number or
}
#endif
