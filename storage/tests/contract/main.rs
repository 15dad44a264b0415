//! What every database must do, test by test. A test is a function over `&dyn Store`; [`contract!`] expands all of
//! them for one database. What only one database can do wrong is in a folder of its name.
//!
//! To add a database: a function in `databases.rs` and one line at the end of this file. The tests of `PostgreSQL` are ignored
//! unless asked for, as they need a server.

#![expect(clippy::unwrap_used, reason = "a test may panic, and its helpers are part of it")]

/// Runs a job in a transaction of its own, as [`storage::write`] does.
macro_rules! commit {
    ($store:expr, $unit:ident => $body:expr) => {
        storage::write::<_, storage::StoreError, _>($store, move |$unit| Box::pin(async move { $body })).await
    };
}

mod analytics;
mod answers;
mod api_keys;
mod audit;
mod batches;
mod campaigns;
mod databases;
mod deliveries;
mod erasure;
mod events;
mod fixtures;
mod guides;
mod idempotency;
mod invites;
mod mints;
mod organizations;
mod participants;
mod postgres_only;
mod sessions;
mod signing_keys;
mod sqlite_only;
mod units;
mod uploads;
mod users;
mod webhooks;

macro_rules! case {
    ($database:ident [$(#[$kept:meta])?] $area:ident $test:ident) => {
        $(#[$kept])?
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            let database = crate::databases::$database().await;
            crate::fixtures::seed(database.store()).await;
            crate::$area::$test(database.store()).await;
            database.remove().await;
        }
    };
}

macro_rules! area {
    ($database:ident $kept:tt, $area:ident: $($test:ident,)+) => {
        mod $area {
            $(case!($database $kept $area $test);)+
        }
    };
}

macro_rules! contract {
    ($database:ident $kept:tt) => {
        mod $database {
            area!($database $kept, organizations:
                an_organization_is_found_by_id_and_by_name,
                a_name_is_taken_once,
                organizations_are_listed_newest_first_page_by_page,
                a_plan_can_be_changed,
            );
            area!($database $kept, mints:
                mints_of_one_moment_are_all_stored_and_counted,
                a_mint_knows_people_by_their_address_as_merging_does,
                what_decides_a_mint_makes_earlier_decisions_stale,
                what_decides_nothing_leaves_decisions_as_they_are,
                a_revocation_in_the_same_commit_goes_before_the_mint,
            );
            area!($database $kept, analytics:
                sessions_are_counted_by_where_they_stand_at_a_time,
                durations_of_completed_sessions_are_ranked_from_the_shortest,
                answers_are_taken_together_and_texts_left_where_they_are,
                abandoned_sessions_are_counted_by_their_last_answer,
            );
            area!($database $kept, erasure:
                a_participant_is_erased_with_all_that_came_of_their_invites,
                of_the_invites_of_a_participant_those_are_open_that_erasing_ends,
                with_their_last_invite_a_participant_is_erased_as_well,
                erasing_and_deleting_stay_in_their_environment,
            );
            area!($database $kept, uploads:
                an_upload_comes_back_as_it_was_stored_and_its_id_is_taken,
                uploads_are_found_by_any_number_of_ids,
                uploads_about_a_participant_go_with_them,
                a_customers_upload_can_be_removed_and_no_participants,
                parts_come_in_any_order_and_the_same_one_once,
                a_client_has_one_upload_of_a_name_in_a_session,
                an_answer_gets_complete_uploads_of_its_session_and_question_only,
                a_changed_answer_lets_go_of_what_the_one_before_held,
                what_no_answer_will_hold_is_stale,
                uploads_of_a_session_go_with_it,
            );
            area!($database $kept, batches:
                what_is_found_by_many_ids_is_what_is_found_by_each,
                answers_of_many_sessions_are_in_their_order_within_each,
                what_answers_take_up_is_counted_in_bytes,
                statements_are_counted,
            );
            area!($database $kept, api_keys:
                a_key_comes_back_as_it_was_stored,
                a_lookup_id_is_taken_once,
                a_key_is_found_in_its_own_environment_only,
                keys_are_listed_newest_first_and_pages_join_up,
                active_keys_are_those_neither_revoked_nor_expired,
                a_revoked_key_keeps_its_first_time,
                the_last_use_moves_only_forwards,
                a_key_that_is_rotated_out_is_not_counted_beside_its_successor,
                the_predecessor_of_a_revoked_key_is_counted,
                aged_keys_are_those_that_still_work,
                what_an_hour_has_counted_adds_up,
            );
            area!($database $kept, campaigns:
                a_campaign_comes_back_as_it_was_stored,
                an_id_is_taken_once_in_each_environment,
                campaigns_are_listed_newest_first_and_pages_join_up,
                campaigns_are_listed_by_status,
                an_update_needs_the_revision_before,
                an_update_leaves_the_counters_alone,
                a_campaign_goes_with_its_guides_unless_it_has_invites,
            );
            area!($database $kept, guides:
                a_draft_takes_the_place_of_the_one_before,
                a_version_is_added_once_and_comes_back,
                a_guide_needs_its_campaign,
            );
            area!($database $kept, participants:
                an_external_id_tells_who_it_is,
                without_an_external_id_the_address_tells_in_any_letter_case,
                an_external_id_outweighs_the_address,
                nobody_is_merged_without_either,
                what_is_not_given_is_kept,
                environments_and_organizations_have_their_own_participants,
            );
            area!($database $kept, invites:
                an_invite_comes_back_with_its_participant,
                an_invite_is_counted_in_its_campaign,
                an_invite_is_found_in_its_own_environment_only,
                invites_are_listed_newest_first_and_pages_join_up,
                invites_are_listed_by_campaign_and_by_external_id,
                the_status_of_a_listed_invite_follows_from_the_time,
                an_invite_moves_only_from_where_it_may,
                a_new_expiry_takes_the_place_of_the_old_one,
                an_invite_can_be_resumed_as_long_as_its_session,
                what_a_key_minted_is_cancelled_unless_it_is_completed,
            );
            area!($database $kept, sessions:
                a_session_comes_back_as_it_was_stored,
                a_mark_differs_when_something_has_happened_to_a_session_or_its_invite,
                an_update_comes_back_and_one_of_nothing_fails,
                the_sessions_of_an_invite_come_newest_first,
                sessions_are_listed_newest_first_and_pages_join_up,
                sessions_are_listed_by_campaign_and_by_invite,
                the_status_of_a_listed_session_follows_from_the_time,
                a_session_is_counted_when_it_starts_and_once_when_it_completes,
                an_abandoned_session_is_counted_from_the_time_on,
            );
            area!($database $kept, answers:
                answers_come_back_in_the_order_of_their_positions,
                an_answer_is_found_by_what_the_client_called_it,
                an_answer_takes_the_place_of_another_of_which_only_the_reply_is_kept,
                an_answer_takes_the_place_of_its_own_session_and_question_only,
                a_session_has_one_answer_to_a_question_at_a_position_and_of_a_client_id,
                numbers_and_texts_come_back_exactly,
                a_count_beyond_63_bits_is_refused,
                an_answer_removes_the_draft_of_its_question_only,
                a_late_draft_of_the_same_question_changes_nothing,
            );
            area!($database $kept, signing_keys:
                keys_are_listed_newest_first_in_each_environment,
                a_kid_is_taken_once,
                a_key_is_removed_from_its_own_environment_only,
            );
            area!($database $kept, idempotency:
                a_record_comes_back_until_it_expires,
                a_name_is_taken_until_it_expires,
                environments_and_organizations_have_names_of_their_own,
                what_has_expired_goes_as_others_come,
                an_answer_that_tells_of_somebody_is_emptied_when_they_are_erased,
                an_answer_that_tells_of_who_withdraws_is_emptied_while_they_have_other_invites,
                what_has_expired_can_be_removed_in_batches,
                a_record_and_its_effect_are_kept_together_or_not_at_all,
            );
            area!($database $kept, audit:
                an_event_comes_back_as_it_was_stored,
                events_are_listed_newest_first_and_pages_join_up,
                events_are_listed_by_each_filter_and_by_all_of_them,
                nobody_sees_the_events_of_others,
            );
            area!($database $kept, webhooks:
                an_endpoint_comes_back_as_it_was_stored_and_changed,
                endpoints_are_listed_newest_first_and_counted,
                a_deleted_endpoint_is_gone_at_once_and_its_rows_in_batches,
            );
            area!($database $kept, deliveries:
                an_event_is_on_its_way_to_those_who_want_it_and_nobody_else,
                what_was_taken_comes_up_again_only_when_its_time_is_over,
                a_lease_takes_so_many_of_an_endpoint_the_longest_due_first,
                attempts_are_kept_and_sending_again_begins_the_schedule_anew,
                many_attempts_are_written_down_at_once_each_as_it_came_out,
                what_comes_of_a_call_that_was_overtaken_is_written_down_and_moves_nothing_but_by_a_success,
                a_time_is_sent_again_with_what_was_missed_and_without_what_was_taken,
                a_time_is_sent_again_with_what_waits_for_its_next_attempt,
                a_time_is_sent_again_in_pieces_of_so_many_events,
                what_waits_for_an_endpoint_can_be_hastened_and_then_begins_its_schedule_anew,
            );
            area!($database $kept, events:
                a_mint_tells_of_itself_in_its_own_commit,
                events_of_a_session_are_listed_newest_first,
                old_events_go_with_their_deliveries,
                old_events_go_in_batches_and_after_their_deliveries,
                each_end_that_time_brings_is_told_in_one_piece_of_it,
            );
            area!($database $kept, users:
                a_user_comes_back_as_they_were_stored,
                an_address_is_taken_once_in_an_organization_whatever_its_letter_case,
                what_may_change_of_a_user_is_changed,
                users_are_listed_newest_first_and_pages_join_up,
                a_refresh_token_comes_back_in_its_own_environment_only,
                a_refresh_token_is_used_once,
                a_follower_that_nobody_has_used_makes_room_for_another,
                a_grant_has_one_open_token_and_ends_with_it,
                all_grants_of_a_user_end_together,
                refresh_tokens_that_have_expired_go_as_others_come,
            );
            area!($database $kept, units:
                two_hundred_writes_at_once_are_all_kept,
                a_job_that_fails_undoes_itself_and_nothing_else,
                a_job_that_is_alone_undoes_itself_too,
                a_job_cannot_go_on_after_a_statement_failed,
                a_job_may_go_on_after_a_conflict,
                a_job_that_panics_undoes_itself_and_nothing_else,
                a_job_runs_to_its_end_when_its_caller_has_gone,
                a_read_sees_nothing_of_what_is_not_committed,
                a_read_keeps_its_view_while_others_write,
                a_read_cannot_write,
                what_waits_is_written_before_the_database_is_closed,
                a_closed_database_says_so,
            );
        }
    };
}

contract!(sqlite []);
contract!(postgres [#[ignore = "needs TEST_POSTGRES_URL"]]);
