DROP TABLE price_requests;
DROP TABLE price_items;
DROP TABLE price_lists;
DROP TABLE promises;
DROP TABLE phone_looks;
DROP TABLE report_owners;
DROP TABLE reports;
DROP TABLE customers;
