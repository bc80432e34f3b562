#include "auth/key_set.hpp"

#include <cairn/auth/profile.hpp>
#include <cairn/auth/providers.hpp>

#include <atomic>
#include <limits>

namespace cairn::auth {
namespace {

using answer = credentials_provider::answer;

class fixed_provider final : public credentials_provider {
  public:
    explicit fixed_provider(answer a) : answer_(std::move(a)) {}
    awaitable<answer> get() override { co_return answer_; }

  private:
    const answer answer_;
};

provider_ptr fixed(answer a) {
    return std::make_shared<fixed_provider>(std::move(a));
}

error missing(std::string detail) {
    error e(errc::missing_credentials, std::move(detail));
    e.hint(
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or aws_access_key_id and "
        "aws_secret_access_key in a "
        "profile");
    return e;
}

answer from_environment(const environment& env) {
    const auto part = [&](const char* name) { return key_part{name, env(name)}; };
    key_set keys{part("AWS_ACCESS_KEY_ID"), part("AWS_SECRET_ACCESS_KEY"),
                 part("AWS_SESSION_TOKEN"), ""};
    if (keys.is_absent()) return missing("AWS_ACCESS_KEY_ID is not set");
    return make_credentials(std::move(keys));
}

// A setting that says the profile's credentials come from elsewhere; empty when there is none.
std::string_view unsupported_source(const profile& p, const key_set& keys) {
    if (!p["role_arn"].empty()) return "role_arn";
    if (!keys.is_absent()) return {};
    for (const std::string_view key :
         {"sso_session", "sso_start_url", "credential_process", "credential_source"})
        if (!p[key].empty()) return key;
    return {};
}

error unsupported(const profile& p, std::string_view source) {
    error e(errc::invalid_configuration, p.description() + " gets its credentials by " +
                                             std::string(source) + ", which cairn can't do");
    e.hint("export them into the environment: `aws configure export-credentials --format env`");
    return e;
}

key_part part_of(const profile& p, const char* key) {
    const auto at = p.values.find(std::string_view(key));
    if (at == p.values.end()) return {key, std::nullopt};
    return {key, at->second};
}

answer from_profile(const environment& env, std::string_view profile_name) {
    const auto p = load_profile(env, profile_name);
    if (!p) return p.error();
    if (!p->found) return missing(p->description() + " doesn't exist");
    key_set keys{part_of(*p, "aws_access_key_id"), part_of(*p, "aws_secret_access_key"),
                 part_of(*p, "aws_session_token"), " in " + p->description()};
    if (const auto source = unsupported_source(*p, keys); !source.empty())
        return unsupported(*p, source);
    if (keys.is_absent()) return missing(p->description() + " has no aws_access_key_id");
    return make_credentials(std::move(keys));
}

class chain final : public credentials_provider {
  public:
    explicit chain(std::vector<provider_ptr> links) : links_(std::move(links)) {}

    awaitable<answer> get() override {
        const auto kept = kept_.load(std::memory_order_relaxed);
        if (kept < links_.size()) {
            auto found = co_await links_[kept]->get();
            if (!passes(found)) co_return found;
        }
        std::string looked_for;
        for (std::size_t i = 0; i < links_.size(); ++i) {
            auto found = co_await links_[i]->get();
            if (found) kept_.store(i, std::memory_order_relaxed);
            if (!passes(found)) co_return found;
            looked_for += (looked_for.empty() ? "" : "; ") + found.error().detail();
        }
        co_return missing(std::move(looked_for));
    }

  private:
    static bool passes(const answer& a) {
        return a.has_error() && a.error().code() == errc::missing_credentials;
    }

    const std::vector<provider_ptr> links_;
    std::atomic<std::size_t> kept_{
        std::numeric_limits<std::size_t>::max()};  // The link that answered last.
};

}  // namespace

provider_ptr static_credentials(credentials keys) {
    return fixed(std::make_shared<const credentials>(std::move(keys)));
}

provider_ptr anonymous_credentials() {
    return fixed(std::shared_ptr<const credentials>());
}

provider_ptr environment_credentials(const environment& env) {
    return fixed(from_environment(env));
}

provider_ptr profile_credentials(const environment& env, std::string_view profile_name) {
    return fixed(from_profile(env, profile_name));
}

provider_ptr credentials_chain(std::vector<provider_ptr> links) {
    return std::make_shared<chain>(std::move(links));
}

provider_ptr default_chain(const environment& env, std::string_view profile_name) {
    if (!profile_name.empty()) return profile_credentials(env, profile_name);
    return credentials_chain({environment_credentials(env), profile_credentials(env)});
}

}  // namespace cairn::auth
