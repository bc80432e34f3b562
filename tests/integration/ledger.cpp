#include "integration/ledger.hpp"

#include "integration/server.hpp"

namespace cairn::test {
namespace {

using state = object_record::state;

constexpr std::size_t blob_bytes = 100'000;  // more than travels in a record

}  // namespace

std::string object_record::content() const {
    return pattern(size, seed);
}

ledger::ledger(std::string bucket, std::string name)
    : bucket_(std::move(bucket)), name_(std::move(name)) {}

std::string ledger::new_key() const {
    return name_ + "/k" + std::to_string(objects_.size());
}

void ledger::put(const std::string& key, object_record made) {
    objects_.emplace(key, made);
}

void ledger::put_failed(const std::string& key, object_record made, const error& e) {
    made.now = after(e, state::there, state::gone);
    objects_.emplace(key, made);
}

void ledger::removed(const std::string& key) {
    objects_.at(key).now = state::gone;
}

void ledger::remove_failed(const std::string& key, const error& e) {
    objects_.at(key).now = after(e, state::gone, state::there);
}

const ledger::entry* ledger::pick(std::mt19937_64& dice) const {
    std::vector<const entry*> there;
    for (const auto& one : objects_)
        if (one.second.now == state::there) there.push_back(&one);
    return there.empty() ? nullptr : there[dice() % there.size()];
}

state ledger::after(const error& e, state done, state not_done) {
    EXPECT_NE(e.effect(), effect::none) << "it does not tell what was done: " << e;
    if (e.effect() == effect::applied) return done;
    return e.effect() == effect::not_applied ? not_done : state::perhaps;
}

awaitable<result<checkpoint::thread>> ledger::open_thread(s3::client client) const {
    checkpoint::store_options where;
    where.prefix = store_prefix();
    const auto backing = checkpoint::s3_backing(std::move(client), bucket_);
    const auto store = co_await checkpoint::store::open(backing, where);
    if (!store) co_return store.error();
    co_return store->thread("t");
}

checkpoint::draft ledger::draft_of(int number) {
    checkpoint::draft made;
    made.channels["number"] = std::to_string(number);
    made.channels["blob"] = pattern(blob_bytes, static_cast<unsigned>(number));
    return made;
}

void ledger::saved(int number, const checkpoint::info& as) {
    saved_[number] = as.id;
}

void ledger::save_failed(int number, const error& e) {
    EXPECT_NE(e.code(), errc::checkpoint_conflict) << "nobody else writes: " << e;
    if (e.effect() != effect::not_applied) uncertain_.insert(number);
}

awaitable<void> ledger::check(s3::client direct) const {
    co_await check_objects(direct);
    co_await check_thread(direct);
}

awaitable<void> ledger::check_objects(s3::client direct) const {
    for (const auto& [key, known] : objects_) {
        auto got = co_await direct.get_object(bucket_, key);
        if (!got) {
            EXPECT_EQ(got.error().code(), errc::not_found) << got.error();
            EXPECT_NE(known.now, state::there) << key << " was acknowledged, and is lost";
            continue;
        }
        const auto body = co_await got->body.read_all(known.size + 1);
        EXPECT_NE(known.now, state::gone) << key << " is there, and was told not to be";
        EXPECT_TRUE(body && *body == known.content()) << key << " has changed";
    }
}

awaitable<void> ledger::check_thread(s3::client direct) const {
    auto thread = (co_await open_thread(direct)).value();
    std::map<int, std::string> found;
    std::string parent_of_child;
    std::uint64_t sequence = 0;
    auto log = thread.list();
    for (;;) {
        const auto next = (co_await log.next()).value();
        if (!next) break;
        if (sequence != 0) {
            EXPECT_EQ(parent_of_child, next->id) << "the log forks";
            EXPECT_EQ(sequence, next->sequence + 1);
        }
        parent_of_child = next->parent;
        sequence = next->sequence;
        const auto loaded = (co_await thread.load(next->id)).value();
        const int number = std::stoi(loaded.channels.at("number"));
        EXPECT_TRUE(found.emplace(number, next->id).second) << "checkpoint " << number << " twice";
        EXPECT_TRUE(loaded.channels == draft_of(number).channels);
        EXPECT_TRUE(saved_.contains(number) || uncertain_.contains(number))
            << "checkpoint " << number << " is there, and was told not to be";
    }
    EXPECT_EQ(parent_of_child, "");
    for (const auto& [number, id] : saved_)
        EXPECT_EQ(found[number], id) << "checkpoint " << number << " was acknowledged, and is lost";
}

}  // namespace cairn::test
